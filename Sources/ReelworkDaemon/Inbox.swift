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
/// - what never may be, heartbeats and reports, is taken; where many of a session wait
///   (``Limits/inboxHeldItemsMin``, ``Limits/inboxHeldBytesMin``) it is held: the connection is not
///   read on until the scheduler has taken all. So the reserve is that and one read of each
///   session;
/// - a credit takes the place of the one of its session that waits: only the last one counts.
///
/// While the consumer can take no more it still hears who lives (``takePulses(of:)``). A heartbeat
/// that was answered so far gives its place to the next of its session, so that whoever only lives
/// is never held, however long a commit hangs.
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
        /// Where the last heartbeat of a session waits that nothing of it came behind.
        var heartbeats: [SessionID: Int] = [:]
        /// What of a session was taken since the inbox is full.
        var reserves: [SessionID: Reserve] = [:]
        /// Letters that the consumer has heard of as signs of life.
        var heard = 0
        /// Sessions that gave one in a letter it has heard of already.
        var heardAgain: Set<SessionID> = []
        /// The consumer takes no letters now, but wants to hear of heartbeats.
        var isPulseAwaited = false
    }

    private struct Reserve {
        var items = 0
        var bytes = 0
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
            if case .input(.heartbeat(let tag?, let session, let note)) = letter,
                Inbox.merge(tag, session, note, into: &state)
            {
                defer { state.isPulseAwaited = false }
                return (true, state.isPulseAwaited)
            }
            if state.letters.count >= itemsMax || state.bytes >= bytesMax {
                switch letter.standing {
                case .own: break
                case .refusable: return (false, false)
                case .promised(let session):
                    if Inbox.isTooMuch(of: session, bytes, &state),
                        state.held.insert(session).inserted
                    {
                        hold(session)
                    }
                }
            }
            Inbox.noteOrder(of: letter, &state)
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
        if place < state.heard { state.heardAgain.insert(session) }
        return true
    }

    /// Puts a heartbeat into the place of one that was answered; notes its place where that cannot
    /// be.
    ///
    /// What they say is how things stand, so the last word counts.
    private static func merge(
        _ tag: RequestTag,
        _ session: SessionID,
        _ note: HeartbeatNote,
        into state: inout State
    ) -> Bool {
        guard let place = state.heartbeats[session],
            case .input(.heartbeat(nil, _, let before)) = state.letters[place]
        else {
            state.heartbeats[session] = state.letters.count
            return false
        }
        var note = note
        if note.scratchFreeMebibytes == nil {
            note.scratchFreeMebibytes = before.scratchFreeMebibytes
        }
        state.letters[place] = .input(.heartbeat(tag, session, note))
        state.pulses.append(place)
        return true
    }

    /// What a session says of its attempts is never put before a report that came first.
    private static func noteOrder(of letter: Letter, _ state: inout State) {
        switch letter {
        case .report(_, let session, _, _), .register(_, let session, _, _),
            .inventory(let session, _, _), .input(.closed(let session, _)):
            state.heartbeats[session] = nil
        default: break
        }
    }

    /// Counts what is taken of a session although the inbox is full; true where it is to be held.
    private static func isTooMuch(
        of session: SessionID,
        _ bytes: Int,
        _ state: inout State
    ) -> Bool {
        var reserve = state.reserves[session] ?? Reserve()
        reserve.items += 1
        reserve.bytes += bytes
        state.reserves[session] = reserve
        return reserve.items >= Limits.inboxHeldItemsMin
            || reserve.bytes >= Limits.inboxHeldBytesMin
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
            if !state.heartbeats.isEmpty { state.heartbeats.removeAll(keepingCapacity: true) }
            if !state.reserves.isEmpty { state.reserves = [:] }
            if !state.heardAgain.isEmpty { state.heardAgain = [] }
            state.heard = 0
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

    /// Who has given a sign of life since this was asked last, beside heartbeats: what the letters
    /// say stays where it is.
    func takeSigns() -> [SignOfLife] {
        state.withLock { state in
            defer {
                state.heard = state.letters.count
                state.heardAgain = []
            }
            var signs = state.heardAgain.map { SignOfLife.session($0) }
            for letter in state.letters[state.heard...] {
                switch letter {
                case .report(_, let session, _, _), .inventory(let session, _, _),
                    .input(.credit(let session, _, _)), .input(.progress(let session, _)):
                    signs.append(.session(session))
                case .register(_, _, let worker, _):
                    signs.append(.worker(worker.name, incarnation: worker.incarnation))
                default: break
                }
            }
            return signs
        }
    }

    /// Waits for a letter or a time.
    func wait(until deadline: BootInstant) { bell.wait(until: deadline) }

    /// Letters that wait.
    var count: Int { state.withLock { $0.letters.count } }
}
