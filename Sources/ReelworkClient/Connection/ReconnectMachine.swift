// SPDX-License-Identifier: Apache-2.0
// Reelwork: which endpoint is tried next, and when.

internal import ReelworkCore

// Invariants: an endpoint's number lies within `endpointCount`. A round tries each endpoint once,
// from the preferred one on. `rounds` counts what failed since a connection gave an answer.

/// Which endpoint is tried next, and when: event in, actions out, no clock and no socket.
///
/// Waits are full jitter (a random part of a limit that doubles), so that a fleet that lost its
/// scheduler does not come back at once.
struct ReconnectMachine: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Where a client stands.
    enum State: Hashable, Sendable {
        /// No connection, and nobody wants one. A wish moves it on to connecting, or to waiting
        /// where it comes too early.
        case idle(notBefore: Instant)
        /// Somebody wants a connection, and it is not time yet. The timer moves it on to
        /// connecting; where nobody wants one any more, it is idle.
        case waiting(until: Instant)
        /// An endpoint is tried. Its answer moves it on: connected, or the next endpoint; after
        /// the last one waiting or idle.
        case connecting(Round)
        /// A connection is there. Its end makes it idle.
        case connected(endpoint: Int, isProven: Bool)
        /// The client was closed; nothing moves it on.
        case closed
    }

    /// One try of every endpoint.
    struct Round: Hashable, Sendable {
        /// The endpoint that is tried.
        var endpoint: Int
        /// Those that failed in this round.
        var failed = 0
        /// Whether all that failed would fail again.
        var isFinal = true
        /// The least that one of them asked to wait.
        var retryAfter: Duration?
        /// Whether somebody waits for the connection.
        var isWanted = true
    }

    /// What happened.
    enum Event: Hashable, Sendable {
        /// Somebody wants a connection.
        case wanted
        /// Nobody waits for one any more.
        case unwanted
        /// The timer rang.
        case due
        /// The endpoint that was tried let this client in.
        case opened
        /// It did not; `isFinal`: it would not the next time either.
        case failed(isFinal: Bool, retryAfter: Duration)
        /// The connection gave an answer.
        case proven
        /// The connection is over.
        case lost
        /// The scheduler there will stop: another one is better.
        case leaving(retryAfter: Duration)
        /// The client is closed.
        case close
    }

    /// What is to be done.
    enum Action: Hashable, Sendable {
        /// Try this endpoint.
        case connect(endpoint: Int)
        /// Ring at this instant.
        case wait(until: Instant)
        /// Do not ring.
        case stopWaiting
        /// Tell those whose patience ends before this instant.
        case tellImpatient(until: Instant)
        /// Tell all who wait: no endpoint will let this client in.
        case tellFailed
        /// Tell all who wait: the client is closed.
        case tellClosed
        /// Give the connection to all who wait.
        case giveConnection
        /// No longer use the connection that is there; what is open on it may end.
        case forget
        /// Close the connection that just opened: nobody needs it.
        case drop
        /// Close the connection that is there.
        case hangUp
    }

    /// Where it stands.
    private(set) var state: State
    /// Where a round begins: the endpoint that was good last.
    private(set) var preferred: Int
    /// Failures since the last answer.
    private(set) var rounds = 0
    private let endpointCount: Int

    init(endpointCount: Int, first: Int = 0, now: Instant) {
        self.endpointCount = max(endpointCount, 1)
        preferred = first % self.endpointCount
        state = .idle(notBefore: now)
    }

    // MARK: - The one function

    /// Takes an event; `chance` is any random number.
    mutating func handle(_ event: Event, now: Instant, chance: UInt64) -> [Action] {
        switch state {
        case .idle(let notBefore): idle(event, notBefore, now)
        case .waiting(let until): waiting(event, until, now)
        case .connecting(let round): connecting(event, round, now, chance)
        case .connected(let endpoint, let isProven):
            connected(event, endpoint, isProven, now, chance)
        case .closed: closed(event)
        }
    }

    private mutating func idle(_ event: Event, _ notBefore: Instant, _ now: Instant) -> [Action] {
        switch event {
        case .wanted:
            guard now < notBefore else { return begin() }
            state = .waiting(until: notBefore)
            return [.wait(until: notBefore), .tellImpatient(until: notBefore)]
        case .opened: return [.drop]
        case .close:
            state = .closed
            return [.tellClosed]
        case .unwanted, .due, .failed, .proven, .lost, .leaving: return []
        }
    }

    private mutating func waiting(_ event: Event, _ until: Instant, _ now: Instant) -> [Action] {
        switch event {
        case .wanted: return [.tellImpatient(until: until)]
        case .unwanted:
            state = .idle(notBefore: until)
            return [.stopWaiting]
        case .due: return now < until ? [.wait(until: until)] : begin()
        case .opened: return [.drop]
        case .close:
            state = .closed
            return [.stopWaiting, .tellClosed]
        case .failed, .proven, .lost, .leaving: return []
        }
    }

    private mutating func connecting(
        _ event: Event,
        _ round: Round,
        _ now: Instant,
        _ chance: UInt64
    ) -> [Action] {
        var round = round
        switch event {
        case .wanted, .unwanted:
            round.isWanted = event == .wanted
            state = .connecting(round)
            return []
        case .opened:
            preferred = round.endpoint
            state = .connected(endpoint: round.endpoint, isProven: false)
            return [.giveConnection]
        case .failed(let isFinal, let retryAfter):
            round.failed += 1
            round.isFinal = round.isFinal && isFinal
            round.retryAfter = min(round.retryAfter ?? retryAfter, retryAfter)
            guard round.failed == endpointCount else {
                round.endpoint = (round.endpoint + 1) % endpointCount
                state = .connecting(round)
                return [.connect(endpoint: round.endpoint)]
            }
            return end(round, now, chance)
        case .close:
            state = .closed
            return [.tellClosed]
        case .due, .proven, .lost, .leaving: return []
        }
    }

    private mutating func connected(
        _ event: Event,
        _ endpoint: Int,
        _ isProven: Bool,
        _ now: Instant,
        _ chance: UInt64
    ) -> [Action] {
        switch event {
        case .wanted: return [.giveConnection]
        case .opened: return [.drop]
        case .proven:
            rounds = 0
            state = .connected(endpoint: endpoint, isProven: true)
            return []
        case .lost:
            state = .idle(notBefore: pause(.zero, now, chance))
            return [.forget]
        case .leaving(let retryAfter):
            preferred = (endpoint + 1) % endpointCount
            // Elsewhere nobody asked to wait.
            let wait = preferred == endpoint ? retryAfter : .zero
            state = .idle(notBefore: pause(wait, now, chance))
            return [.forget]
        case .close:
            state = .closed
            return [.hangUp, .tellClosed]
        case .unwanted, .due, .failed: return []
        }
    }

    private func closed(_ event: Event) -> [Action] {
        switch event {
        case .wanted: [.tellClosed]
        case .opened: [.drop]
        case .unwanted, .due, .failed, .proven, .lost, .leaving, .close: []
        }
    }

    // MARK: - Rounds

    private mutating func begin() -> [Action] {
        state = .connecting(Round(endpoint: preferred))
        return [.connect(endpoint: preferred)]
    }

    /// The last endpoint of a round failed, too.
    private mutating func end(_ round: Round, _ now: Instant, _ chance: UInt64) -> [Action] {
        let until = pause(round.retryAfter ?? .zero, now, chance)
        guard !round.isFinal else {
            state = .idle(notBefore: until)
            return [.tellFailed]
        }
        guard round.isWanted else {
            state = .idle(notBefore: until)
            return []
        }
        state = .waiting(until: until)
        return [.wait(until: until), .tellImpatient(until: until)]
    }

    /// When the next round may begin.
    ///
    /// The random part comes on top of what a scheduler asked for: it told all its clients the
    /// same.
    private mutating func pause(
        _ retryAfter: Duration,
        _ now: Instant,
        _ chance: UInt64
    ) -> Instant {
        let wait = Backoff.pause(round: rounds, chance: chance)
        rounds += 1
        return now.advanced(by: retryAfter + wait)
    }
}
