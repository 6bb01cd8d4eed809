// SPDX-License-Identifier: Apache-2.0
// Reelwork: when to try again, and when to give up.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

/// When to try again, and when to give up: full jitter, so that a fleet does not come at once.
struct Patience: Sendable {
    private let clock = ContinuousClock()
    private let until: ContinuousClock.Instant
    private var round = 0

    static let first = Duration.milliseconds(100)
    /// A third of a lease, so that a worker's peer is back in time.
    static let longest = Duration.seconds(5)

    init(_ patience: Duration) {
        until = clock.now.advanced(by: patience)
    }

    /// Waits; false where the time is over or the task is canceled.
    mutating func wait(atLeast: Duration) async -> Bool {
        let most = min(Patience.first * (1 << min(round, 6)), Patience.longest)
        round += 1
        let jitter = Duration.nanoseconds(
            Int64.random(in: 0...max(most.wholeNanoseconds, 1))
        )
        let target = clock.now.advanced(by: max(atLeast, jitter))
        guard target < until else { return false }
        do {
            try await clock.sleep(until: target)
            return true
        } catch {
            return false
        }
    }
}

extension RPCError {
    /// Whether the connection is of no more use.
    var isConnectionOver: Bool {
        switch code {
        case .closed, .notLookedAt, .malformed: true
        case .endpointInvalid, .pathTooLong, .addressInUse, .addressDenied, .socketFailed,
            .credentials, .untrusted, .connectFailed, .refused, .handshakeFailed, .timeout,
            .canceled, .tooLarge, .overrun,
            .remote:
            false
        }
    }

    /// Whether asking again may help and does no harm.
    func mayBeRetried(isSafe: Bool) -> Bool {
        switch code {
        case .notLookedAt, .connectFailed, .refused(.overloaded), .refused(.draining): true
        case .closed: isSafe
        case .remote(let code):
            switch code.value {
            case .busy, .storageReadOnly, .draining: true
            case .internal: isSafe
            case .ok, .okExists, .protocolError, .checksum, .frameTooLarge, .decompress,
                .unimplemented, .authRequired, .authFailed, .denied, .sessionSuperseded,
                .handshakeTimeout, .enhanceCalm, .invalidArgument, .notFound, .illegalTransition,
                .staleAttempt, .keyConflict, .precondition, .canceled, .publishing,
                .grantRequired, .outputConflict, .queueFull, .quota, .timeout, nil:
                false
            }
        case .endpointInvalid, .pathTooLong, .addressInUse, .addressDenied, .socketFailed,
            .credentials, .untrusted, .refused, .handshakeFailed, .timeout, .canceled, .malformed,
            .tooLarge, .overrun:
            false
        }
    }
}
