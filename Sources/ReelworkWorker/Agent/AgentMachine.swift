// SPDX-License-Identifier: Apache-2.0
// Reelwork: credit, lease, inventory and spool

package import ReelworkCore

/// The worker's side of its session: what it may take, what it holds, what it has to say.
///
/// A value: the shell around it has the socket, the disk and the processes.
///
/// Invariants:
/// - `assignLimit` never falls within a session: it is the assignments seen plus the free slots.
/// - The digest covers the holdings that are open: all but those whose terminal report was sent.
/// - A finished or failed attempt is reported only after its report is synced to the spool.
/// - Past its lease the worker starts nothing and asks for no grant.
/// - A heartbeat that nothing answers for a third of the lease ends the session, and a REGISTER
///   that nothing answers for ``Limits/registerAnswerTime`` the connection.
package struct AgentMachine: Sendable {
    /// What happened.
    package enum Event: Sendable {
        /// A connection is open: register.
        case connected
        /// The scheduler knows us; verdicts in the order of what was held.
        case registered(
            heartbeat: Duration,
            lease: Duration,
            verdicts: [Verdict],
            sentAt: BootInstant
        )
        /// The connection is gone.
        case disconnected
        /// Jobs were handed to us.
        case assigned(firstIndex: UInt64, [Assignment])
        /// Attempts were taken back.
        case revoked([Revocation])
        /// What do you hold?
        case inventoryAsked(request: UInt32)
        /// The heartbeat that was sent then was answered.
        case heartbeatAnswered(sentAt: BootInstant)
        /// The report that was sent then was answered, item by item.
        case reported([ItemResult], sentAt: BootInstant)
        /// The report was refused as a whole; send it again later.
        case reportRefused(retryAfter: Duration)
        /// A run has something to say.
        case attempt(AttemptKey, ReportItem.Content, encodeTime: Duration?, logTail: [UInt8])
        /// A run's process and slot are free.
        case closed(AttemptKey)
        /// A report is safe on disk.
        case spooled(AttemptKey)
        /// Take no new work.
        case drain
        /// The drain's time is over: hand back what still runs.
        case drainDeadline
        /// Time has passed.
        case tick
    }

    /// What to do.
    package enum Action: Sendable {
        /// Send REGISTER.
        case register([HeldAttempt])
        /// Send HEARTBEAT.
        case heartbeat(assignedSeen: UInt64, open: UInt64, digest: OpenSetDigest)
        /// Send CREDIT.
        case credit(limit: UInt64, isDraining: Bool)
        /// Send REPORT.
        case report(limit: UInt64, [ReportItem])
        /// Answer INVENTORY.
        case inventory(request: UInt32, assignedSeen: UInt64, [HeldAttempt])
        /// Begin a run.
        case start(Assignment)
        /// Stop a run.
        case stop(AttemptKey, AttemptStop)
        /// A run may publish.
        case grant(AttemptKey)
        /// Sync a report to the spool.
        case spool(AttemptKey, ReportItem)
        /// Drop it from the spool.
        case unspool(AttemptKey)
        /// The scheduler does not answer: close the connection and open another.
        case reconnect
        /// Nothing is held and nothing is to be said: the worker may go.
        case drained
    }

    let slots: UInt64
    let incarnation: UInt64
    var holdings: [AttemptKey: Holding] = [:]
    /// The keys in order of arrival: nothing iterates the dictionary.
    var order: [AttemptKey] = []
    var isRegistered = false
    /// Whether it takes no further job: it finishes what it has and goes.
    package internal(set) var isDraining = false
    var assignedSeen: UInt64 = 0
    var limitSent: UInt64 = 0
    var digest = OpenSetDigest()
    var openCount: UInt64 = 0
    var heartbeatInterval = Duration.seconds(5)
    var leaseDuration = Duration.seconds(15)
    /// The end of the lease, counted from the last acknowledged send.
    package internal(set) var leaseEnd = BootInstant(nanoseconds: 0)
    var heartbeatAt = BootInstant.distantFuture
    var heartbeatCount: UInt64 = 0
    var isHeartbeatInFlight = false
    /// The last sign that what is sent arrives: an answer, or the heartbeat that none has come to
    /// yet.
    var answerAwaitedSince = BootInstant(nanoseconds: 0)
    var registering: [AttemptKey] = []
    /// Until when REGISTER may be answered; the distant future where none is on its way.
    var registerDeadline = BootInstant.distantFuture
    var reportsInFlight: [AttemptKey] = []
    var reportAt = BootInstant(nanoseconds: 0)
    var isDrainTold = false
    var isLeaseWatched = false
    var wall = Timestamp(milliseconds: 0)

    /// Makes an agent that runs `slots` jobs at once.
    package init(slots: UInt64, incarnation: UInt64) {
        self.slots = slots
        self.incarnation = incarnation
    }

    /// Takes over the results that an earlier life left in its spool.
    package mutating func restore(_ spooled: [(AttemptKey, ReportItem)]) {
        for (key, item) in spooled where holdings[key] == nil {
            let isPublished = item.kind == .finished
            var holding = Holding(
                key: key,
                number: item.number,
                attempt: item.attempt,
                phase: isPublished ? .published : .failed,
                isActive: false,
                isKilledOnLeaseLoss: false
            )
            holding.ending = item.content
            if case .finished(let film, let finish) = item.content {
                holding.film = film
                holding.grantedAttempt = finish.adopted ?? item.attempt
            }
            holdings[key] = holding
            order.append(key)
        }
    }

    /// When the machine wants a `tick`.
    package func nextTick(now: BootInstant) -> BootInstant {
        let lease = isLeaseWatched ? BootInstant.distantFuture : leaseEnd
        guard isRegistered else { return min(lease, registerDeadline) }
        let heartbeat = isHeartbeatInFlight ? answerDeadline : heartbeatAt
        return min(lease, heartbeat, hasReports(now) ? reportAt : .distantFuture)
    }

    /// How many runs use a slot.
    package var activeCount: UInt64 {
        UInt64(order.count { holdings[$0]?.isActive == true })
    }

    /// Takes an event and says what to do.
    package mutating func handle(_ event: Event, now moment: Moment) -> [Action] {
        let now = moment.boot
        wall = moment.wall
        var actions: [Action] = []
        if event.isAnswer { answerAwaitedSince = now }
        switch event {
        case .connected: connect(now: now, &actions)
        case .registered(let heartbeat, let lease, let verdicts, let sentAt):
            heartbeatInterval = heartbeat
            leaseDuration = lease
            renew(sentAt)
            registered(verdicts, now: now, &actions)
        case .disconnected: disconnect()
        case .assigned(let first, let assignments):
            assigned(first, assignments, now: now, &actions)
        case .revoked(let revocations): revoked(revocations, &actions)
        case .inventoryAsked(let request):
            actions.append(
                .inventory(request: request, assignedSeen: assignedSeen, heldOpen)
            )
        case .heartbeatAnswered(let sentAt):
            isHeartbeatInFlight = false
            renew(sentAt)
        case .reported(let results, let sentAt):
            renew(sentAt)
            reported(results, now: now, &actions)
        case .reportRefused(let retryAfter):
            // A report that was refused as a whole was not taken: what it ended is open again.
            for key in reportsInFlight {
                if holdings[key]?.inFlight?.isTerminal == true { open(key) }
                holdings[key]?.inFlight = nil
            }
            reportsInFlight = []
            reportAt = now.advanced(by: max(retryAfter, .milliseconds(100)))
        case .attempt(let key, let content, let encodeTime, let logTail):
            said(key, content, encodeTime, logTail, &actions)
        case .closed(let key): closed(key)
        case .spooled(let key): holdings[key]?.isSpooling = false
        case .drain: isDraining = true
        case .drainDeadline:
            isDraining = true
            for key in order where holdings[key]?.isActive == true {
                actions.append(.stop(key, .draining))
            }
        case .tick:
            watchLease(now: now, &actions)
            watchRegister(now: now, &actions)
            watchAnswer(now: now, &actions)
        }
        speak(now: now, &actions)
        return actions
    }
}

extension AgentMachine.Event {
    /// Whether it shows that what was sent has arrived.
    ///
    /// What a scheduler pushes shows that only the other way is open.
    var isAnswer: Bool {
        switch self {
        case .registered, .heartbeatAnswered, .reported, .reportRefused: true
        case .connected, .disconnected, .assigned, .revoked, .inventoryAsked, .attempt, .closed,
            .spooled, .drain, .drainDeadline, .tick:
            false
        }
    }
}
