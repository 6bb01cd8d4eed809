// SPDX-License-Identifier: Apache-2.0
// Reelwork: what waits for the scheduler

import ReelworkCore
import ReelworkScheduling
import ReelworkSystem
import Synchronization

/// What waits for the scheduler: many producers, one consumer that takes all of it at once.
///
/// A producer rings only where the consumer may be asleep, so a busy scheduler costs no system
/// call.
///
/// It is full at ``Limits/inboxItemsMax`` letters or ``Limits/inboxBytesMax`` bytes. From then on:
/// - what may be refused is refused;
/// - what never may be, heartbeats and reports, is taken, and its session is held: the connection
///   is not read on until the scheduler has taken all. So the reserve is one read of each session;
/// - a credit takes the place of the one of its session that waits: only the last one counts.
///
/// While the consumer can take no more it still hears the pulses of the heartbeats that wait.
final class Inbox: Sendable {
    private struct State {
        var letters: [Letter] = []
        var bytes = 0
        /// Where the credit of a session waits.
        var credits: [SessionID: Int] = [:]
        var held: Set<SessionID> = []
        var isAwake = false
        /// Where heartbeats wait for their answer.
        var pulses: [Int] = []
        /// The consumer takes no letters now, but wants to hear of heartbeats.
        var isPulseAwaited = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell
    private let itemsMax: Int
    private let bytesMax: Int

    init(
        itemsMax: Int = Limits.inboxItemsMax,
        bytesMax: Int = Limits.inboxBytesMax
    ) throws(DaemonError) {
        guard let bell = Doorbell() else { throw .resources("no file descriptor is left") }
        self.bell = bell
        self.itemsMax = itemsMax
        self.bytesMax = bytesMax
    }

    /// Adds a letter that came in so many bytes; false where the inbox is full and the sender must
    /// be told to come later.
    ///
    /// `hold` is called where the sender's connection must not be read on, before any
    /// ``take(into:)`` can name it as free again; it must not call the inbox.
    @discardableResult
    func post(
        _ letter: Letter,
        bytes: Int = 0,
        hold: (SessionID) -> Void = { _ in }
    ) -> Bool {
        let (isTaken, mustRing) = state.withLock { state in
            if case .input(.credit(let session, let limit, let isDraining)) = letter,
                Inbox.merge(session, limit, isDraining, into: &state)
            {
                return (true, false)
            }
            if state.letters.count >= itemsMax || state.bytes >= bytesMax {
                switch letter.standing {
                case .own: break
                case .refusable: return (false, false)
                case .promised(let session):
                    if state.held.insert(session).inserted { hold(session) }
                }
            }
            // A session's credits count from its REGISTER on: a later one may not go before it.
            if case .register(_, let session, _, _) = letter { state.credits[session] = nil }
            var isPulse = false
            if case .input(.heartbeat(.some, _, _)) = letter {
                state.pulses.append(state.letters.count)
                isPulse = state.isPulseAwaited
                state.isPulseAwaited = false
            }
            state.letters.append(letter)
            state.bytes += bytes
            defer { state.isAwake = true }
            return (true, isPulse || !state.isAwake)
        }
        if mustRing { bell.ring() }
        return isTaken
    }

    /// Puts a credit into the place of the one that waits; notes its place where none does.
    private static func merge(
        _ session: SessionID,
        _ limit: UInt64,
        _ isDraining: Bool?,
        into state: inout State
    ) -> Bool {
        guard let place = state.credits[session],
            case .input(.credit(_, let limitBefore, let isDrainingBefore)) = state.letters[place]
        else {
            state.credits[session] = state.letters.count
            return false
        }
        state.letters[place] = .input(
            .credit(
                session,
                assignLimit: max(limit, limitBefore),
                isDraining: isDraining ?? isDrainingBefore
            )
        )
        return true
    }

    /// Wakes the consumer although there is no letter.
    func ring() { bell.ring() }

    /// Takes all letters; where there are none the consumer counts as asleep from here on.
    ///
    /// Returns the sessions that were held: their connections may be read on.
    func take(into letters: inout [Letter]) -> [SessionID] {
        state.withLock { state in
            swap(&letters, &state.letters)
            state.bytes = 0
            state.isAwake = !letters.isEmpty
            if !state.credits.isEmpty { state.credits.removeAll(keepingCapacity: true) }
            if !state.pulses.isEmpty { state.pulses.removeAll(keepingCapacity: true) }
            state.isPulseAwaited = false
            guard !state.held.isEmpty else { return [] }
            defer { state.held = [] }
            return Array(state.held)
        }
    }

    /// Takes from the heartbeats that wait, of sessions that are known, whose answers they are.
    ///
    /// What else they say stays where it is, behind the reports that came before it. From here on
    /// the next heartbeat rings.
    func takePulses(of isKnown: (SessionID) -> Bool) -> [(tag: RequestTag, session: SessionID)] {
        state.withLock { state in
            state.isPulseAwaited = true
            guard !state.pulses.isEmpty else { return [] }
            var taken: [(tag: RequestTag, session: SessionID)] = []
            var left: [Int] = []
            for place in state.pulses {
                guard
                    case .input(.heartbeat(let tag?, let session, let note)) = state.letters[place]
                else { continue }
                // Its REGISTER waits before it, and must be seen first.
                guard isKnown(session) else {
                    left.append(place)
                    continue
                }
                state.letters[place] = .input(.heartbeat(nil, session, note))
                taken.append((tag, session))
            }
            state.pulses = left
            return taken
        }
    }

    /// Waits for a letter or a time.
    func wait(until deadline: BootInstant) { bell.wait(until: deadline) }

    /// Letters that wait.
    var count: Int { state.withLock { $0.letters.count } }
}
