// SPDX-License-Identifier: Apache-2.0
// Reelwork: when to try again, and when to give up.

internal import ReelworkCore
internal import ReelworkRPC
internal import ReelworkWire

/// When to try again, and when to give up: full jitter, so that a fleet does not come at once.
///
/// It begins with the first failure: a call that is long under way may still fail and go on.
struct Patience: Sendable {
    private let clock = ContinuousClock()
    private let length: Duration
    private var until: ContinuousClock.Instant?
    private var round = 0

    init(_ length: Duration) {
        self.length = length
    }

    /// Until when a connection is awaited.
    var end: ContinuousClock.Instant { until ?? clock.now.advanced(by: length) }

    /// Waits; false where the time is over or the task is canceled.
    mutating func wait(atLeast: Duration) async -> Bool {
        let end = end
        until = end
        let jitter = Backoff.pause(round: round, chance: UInt64.random(in: 0...UInt64.max))
        round += 1
        // On top of what the scheduler asked for: it told all its clients the same.
        let target = clock.now.advanced(by: atLeast + jitter)
        guard target < end else { return false }
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
