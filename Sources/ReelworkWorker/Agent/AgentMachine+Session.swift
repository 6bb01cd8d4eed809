// SPDX-License-Identifier: Apache-2.0
// Reelwork: a session's begin, assignments and end

import ReelworkCore

extension AgentMachine {
    mutating func connect(now: BootInstant, _ actions: inout [Action]) {
        disconnect()
        registerDeadline = now.advanced(by: Limits.registerAnswerTime)
        // What runs comes first: only reports of a spool can be more than one REGISTER holds. What
        // was killed by an earlier verdict is nobody's, though its process may still be ending.
        let wanted = order.filter { holdings[$0]?.isForgotten == false }
        let active = wanted.filter { holdings[$0]?.isActive == true }
        let ended = wanted.filter { holdings[$0]?.isActive == false }
        registering = Array((active + ended).prefix(Limits.heldMax))
        actions.append(.register(held(registering)))
    }

    /// The open set, as INVENTORY tells it.
    var heldOpen: [HeldAttempt] { held(order.filter { holdings[$0]?.isOpen == true }) }

    private func held(_ keys: [AttemptKey]) -> [HeldAttempt] {
        keys.compactMap { holdings[$0] }.map {
            HeldAttempt(id: $0.key.id, attempt: $0.attempt, phase: .known($0.phase))
        }
    }

    mutating func registered(
        _ verdicts: [Verdict],
        now: BootInstant,
        _ actions: inout [Action]
    ) {
        isRegistered = true
        registerDeadline = .distantFuture
        assignedSeen = 0
        limitSent = 0
        digest = OpenSetDigest()
        openCount = 0
        isHeartbeatInFlight = false
        isDrainTold = false
        for (index, key) in registering.enumerated() {
            let verdict = index < verdicts.count ? verdicts[index] : Verdict(.known(.kill))
            follow(verdict, key, &actions)
        }
        registering = []
        reportAt = now
        scheduleHeartbeat(now: now)
        limitSent = limit
        actions.append(.credit(limit: limitSent, isDraining: isDraining))
        isDrainTold = isDraining
    }

    private mutating func follow(
        _ verdict: Verdict,
        _ key: AttemptKey,
        _ actions: inout [Action]
    ) {
        guard var holding = holdings[key] else { return }
        holding.answered = []
        holding.inFlight = nil
        switch verdict.kind {
        case .known(.keep): break
        case .known(.adopt):
            holding.adopt(as: verdict.attempt ?? holding.attempt)
            if let ending = holding.ending, case .finished = ending {
                holding.isSpooling = true
                actions.append(.spool(key, holding.item(ending, at: wall)))
            }
        case .known(.done):
            actions.append(.unspool(key))
            drop(key, .forgotten, &actions)
            return
        case .known(.kill), .unknown:
            actions.append(.unspool(key))
            drop(key, .forgotten, &actions)
            return
        }
        holdings[key] = holding
        open(key)
    }

    /// Lets go of a run: at once where its process is gone, else when it has closed.
    private mutating func drop(
        _ key: AttemptKey,
        _ reason: AttemptStop,
        _ actions: inout [Action]
    ) {
        if holdings[key]?.isActive == true {
            holdings[key]?.isForgotten = true
            actions.append(.stop(key, reason))
        } else {
            forget(key)
        }
    }

    mutating func disconnect() {
        isRegistered = false
        registerDeadline = .distantFuture
        reportsInFlight = []
        heartbeatAt = .distantFuture
        for key in order {
            holdings[key]?.inFlight = nil
            holdings[key]?.answered = []
            holdings[key]?.isOpen = false
            // What was handed back is not kept: a scheduler that does not find it in REGISTER
            // takes it back by itself, uncounted.
            if case .released = holdings[key]?.ending, holdings[key]?.isActive == false {
                forget(key)
            }
        }
    }

    mutating func assigned(
        _ firstIndex: UInt64,
        _ assignments: [Assignment],
        now: BootInstant,
        _ actions: inout [Action]
    ) {
        for (offset, assignment) in assignments.enumerated() {
            let (index, overflow) = firstIndex.addingReportingOverflow(UInt64(offset))
            guard !overflow, index > assignedSeen else { continue }
            assignedSeen = index
            let key = AttemptKey(id: assignment.id, origin: assignment.attempt)
            guard holdings[key] == nil else { continue }
            var holding = Holding(
                key: key,
                number: assignment.number,
                attempt: assignment.attempt,
                phase: .assigned,
                isActive: true,
                isKilledOnLeaseLoss: assignment.isKilledOnLeaseLoss
            )
            order.append(key)
            if let reason = reasonNotToStart(now) {
                holding.isActive = false
                holding.ending = .released(reason, error: nil)
            } else {
                actions.append(.start(assignment))
            }
            holdings[key] = holding
            open(key)
        }
    }

    /// Why a new assignment goes straight back; nil where it starts.
    private func reasonNotToStart(_ now: BootInstant) -> ReleaseReason? {
        if isLeaseOver(now) { return .leaseLost }
        if isDraining { return .draining }
        // More than the credit allows: a scheduler that counts well never comes to this.
        return activeCount < slots ? nil : .notStarted
    }

    mutating func revoked(_ revocations: [Revocation], _ actions: inout [Action]) {
        for revocation in revocations {
            for key in order {
                guard let holding = holdings[key], holding.number == revocation.number,
                    holding.attempt == revocation.attempt, holding.ending == nil
                else { continue }
                actions.append(.stop(key, .revoked(grace: revocation.grace)))
            }
        }
    }

    // MARK: - The open set

    mutating func open(_ key: AttemptKey) {
        guard let holding = holdings[key], !holding.isOpen else { return }
        holdings[key]?.isOpen = true
        digest.toggle(holding.number, holding.attempt)
        openCount += 1
    }

    mutating func shut(_ key: AttemptKey) {
        guard let holding = holdings[key], holding.isOpen else { return }
        holdings[key]?.isOpen = false
        digest.toggle(holding.number, holding.attempt)
        openCount -= 1
    }

    mutating func forget(_ key: AttemptKey) {
        shut(key)
        holdings[key] = nil
        order.removeAll { $0 == key }
    }
}

extension Holding {
    /// A report of it, as it would go out now.
    func item(_ content: ReportItem.Content, at wall: Timestamp) -> ReportItem {
        ReportItem(number: number, attempt: attempt, at: wall, content: content)
    }

    /// Goes on as a later attempt.
    ///
    /// A film that was granted under the old number is reported as adopted from it; one that waits
    /// for its grant asks again under the new number.
    mutating func adopt(as attempt: AttemptNumber) {
        self.attempt = attempt
        start = start ?? ReportItem.Start()
        start?.isResumed = true
        guard case .finished(let film, var finish) = ending else { return }
        finish.adopted = finish.adopted ?? grantedAttempt
        ending = .finished(film, finish)
    }
}
