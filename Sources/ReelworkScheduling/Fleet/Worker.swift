// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker as the scheduler knows it

import ReelworkCore

/// A worker as the scheduler knows it.
///
/// Invariants: `used` is the sum of the needs of `open`; `session` is nil unless a connection is
/// registered; a dead worker holds nothing.
struct Worker: Sendable {
    private(set) var registration: WorkerRegistration
    /// What of its capacity is special.
    private(set) var traits: CapacityTraits
    /// The actor and a reason that its moves carry, made once.
    let actor: String
    let reasonAssigned: String
    var registered: Timestamp
    var state: WorkerState
    var session: WorkerSession?
    /// The session that ended last, until a new one begins or the worker is dead.
    var sessionClosed: SessionID?
    /// So many bytes wait for it that it gets no more work.
    var isPaused = false
    /// The end of its lease; meaningful while alive or suspect.
    var leaseEnd: BootInstant
    /// When it was heard of last.
    var seen: BootInstant
    /// How far its clock is from ours, by its reports; nil before the first.
    private(set) var clockOffset: ClockOffset?
    /// It is known from the store alone, and `seen` is when this scheduler began.
    var isUnheard = false
    /// It said farewell with nothing in its hands, and is dead because it wanted to end.
    var isStopped = false
    /// It said itself to take no new work; for this session.
    var isDraining = false
    /// An admin told it to take no new work; until an admin says otherwise.
    var isToldToDrain = false
    /// When an admin's drain hands back what is left; nil where all may end.
    var drainUntil: Timestamp?
    /// The same on the clock that no one can set; nil too where that time has come.
    var drainEnd: BootInstant?
    /// The time of its drain is over: what it still has is taken back as soon as it is connected.
    var isDrainOver = false
    /// Why it gets no more work although it lives; until an admin says otherwise.
    var cordon: Cordon?
    /// Jobs that it failed and others finished, since it finished one itself.
    var failuresInARow = 0
    /// What it held when its lease ended: whether it died then, only its next life tells.
    var heldAtLeaseEnd: [JobNumber] = []
    /// It was removed: its place is kept, for jobs name it, and it is nobody any more.
    private(set) var isRemoved = false
    /// What it holds.
    var open: [OpenAttempt.Key: OpenAttempt] = [:]
    /// What that uses up, beside `registration.capacity`.
    var used: [UInt64]
    /// Since when it has held nothing, or when it got its last job.
    var idleSince: BootInstant
    /// A reminder of the end of its lease is set.
    var hasLeaseTimer = false
    /// Rises with each change that matters to matching: entries made before are stale.
    var stamp: UInt64 = 0

    init(
        registration: WorkerRegistration,
        registered: Timestamp,
        state: WorkerState,
        now: BootInstant
    ) {
        self.registration = registration
        traits = CapacityTraits(registration)
        actor = "worker:\(registration.name)"
        reasonAssigned = "Assigned to \(registration.name)"
        self.registered = registered
        self.state = state
        leaseEnd = now
        seen = now
        idleSince = now
        used = Array(repeating: 0, count: registration.capacity.count)
    }

    /// Whether it takes work at all.
    var isOfUse: Bool { state == .alive && !isDraining && !isToldToDrain && cordon == nil }

    /// Whether it takes work at this moment, where there is room for it.
    var isReady: Bool { isOfUse && !isPaused && session?.hasCredit == true }

    /// Takes what it says of itself anew, and counts what it holds against it.
    mutating func update(_ registration: WorkerRegistration) {
        self.registration = registration
        traits = CapacityTraits(registration)
        used = Array(repeating: 0, count: registration.capacity.count)
        for attempt in open.values { use(attempt) }
    }

    /// Notes how much room it says there is for films, in MiB; not stored.
    mutating func note(scratchFree mebibytes: UInt64) {
        registration.scratchFreeMebibytes = mebibytes
    }

    /// Notes what a report says of its clock.
    mutating func note(at: Timestamp, now: Moment) {
        clockOffset = clockOffset?.updated(at, now: now) ?? ClockOffset(at, now: now)
    }

    /// It is another life, perhaps on another machine: its clock is not known.
    mutating func forgetClock() { clockOffset = nil }

    /// Forgets all that it holds, as a new session begins or the worker is dead.
    mutating func removeAll() {
        open = [:]
        used = Array(repeating: 0, count: registration.capacity.count)
        session?.digest = OpenSetDigest()
        session?.seenCount = 0
    }

    /// An admin removed it: it fits nothing and holds nothing; its name stays for the history.
    mutating func forget() {
        removeAll()
        update(
            WorkerRegistration(
                name: registration.name,
                incarnation: registration.incarnation,
                capacity: [],
                engines: []
            )
        )
        heldAtLeaseEnd = []
        (isToldToDrain, drainUntil, drainEnd, cordon) = (false, nil, nil, nil)
        state = .dead
        isRemoved = true
    }

    /// Takes an attempt into the open set.
    mutating func add(_ key: OpenAttempt.Key, _ attempt: OpenAttempt) {
        guard open[key] == nil else { return }
        open[key] = attempt
        use(attempt)
        guard attempt.isSeen else { return }
        session?.digest.toggle(key.number, key.attempt)
        session?.seenCount += 1
    }

    /// Drops an attempt from the open set; false where it was not in it.
    @discardableResult
    mutating func remove(_ key: OpenAttempt.Key, now: BootInstant) -> Bool {
        guard let attempt = open.removeValue(forKey: key) else { return false }
        if open.isEmpty {
            idleSince = now
            // Nothing is held, whatever the sum says: one that ran over its end is right again.
            used = Array(repeating: 0, count: registration.capacity.count)
        }
        for (place, amount) in uses(of: attempt) { used[place] -= min(used[place], amount) }
        guard attempt.isSeen, session != nil else { return true }
        session?.digest.toggle(key.number, key.attempt)
        session?.seenCount -= 1
        return true
    }

    /// The worker has seen assignments up to `index`: they are part of its digest from now on.
    mutating func see(upTo index: UInt64) {
        // One at a time: a copy of the list would make every change of it a copy of the whole.
        var count = 0
        while let next = session?.unseen(at: count), next.index <= index {
            let key = next.key
            count += 1
            guard var attempt = open[key], !attempt.isSeen else { continue }
            attempt.isSeen = true
            open[key] = attempt
            session?.digest.toggle(key.number, key.attempt)
            session?.seenCount += 1
        }
        if count > 0 { session?.unseen.removeFirst(count) }
    }

    /// Adds to what is used.
    ///
    /// The order of the sum does not matter, so a set may be summed as it lies.
    private mutating func use(_ attempt: OpenAttempt) {
        for (place, amount) in uses(of: attempt) {
            let (sum, overflow) = used[place].addingReportingOverflow(amount)
            used[place] = overflow ? .max : sum
        }
    }
}
