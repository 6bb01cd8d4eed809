// SPDX-License-Identifier: Apache-2.0
// Reelwork: heartbeats, reports and credit

import ReelworkCore

extension AgentMachine {
    /// What one more assignment would be the last of: those seen, plus the free slots.
    var limit: UInt64 {
        guard !isDraining else { return limitSent }
        let active = activeCount
        let free = slots > active ? slots - active : 0
        let (sum, overflow) = assignedSeen.addingReportingOverflow(free)
        return overflow ? limitSent : max(limitSent, sum)
    }

    func hasReports(_ now: BootInstant) -> Bool {
        guard reportsInFlight.isEmpty else { return false }
        return order.contains { key in
            guard let content = holdings[key]?.next else { return false }
            return ReportItem.kind(of: content) != .ready || !isLeaseOver(now)
        }
    }

    func isLeaseOver(_ now: BootInstant) -> Bool { leaseEnd <= now }

    mutating func renew(_ sentAt: BootInstant) {
        leaseEnd = max(leaseEnd, sentAt.advanced(by: leaseDuration))
        isLeaseWatched = false
    }

    /// A run has something to say: it is kept until it is answered.
    mutating func said(
        _ key: AttemptKey,
        _ content: ReportItem.Content,
        _ encodeTime: Duration?,
        _ logTail: [UInt8],
        _ actions: inout [Action]
    ) {
        guard var holding = holdings[key], !holding.isForgotten else { return }
        switch content {
        case .started(let start):
            var start = start
            start.isResumed = holding.start?.isResumed ?? false
            holding.start = start
            holding.phase = .running
        case .ready(let film):
            holding.film = film
            holding.phase = .encoded
        case .finished(let film, var finish):
            holding.film = film
            finish.encodeTime = encodeTime
            if !logTail.isEmpty { finish.logTail = logTail }
            if let granted = holding.grantedAttempt, granted != holding.attempt {
                finish.adopted = finish.adopted ?? granted
            }
            holding.ending = .finished(film, finish)
            holding.phase = .published
        case .failed(var failure):
            if !logTail.isEmpty { failure.logTail = logTail }
            holding.ending = .failed(failure)
            holding.phase = .failed
        case .released: holding.ending = content
        }
        if let ending = holding.ending {
            switch ending {
            case .finished, .failed:
                holding.isSpooling = true
                actions.append(.spool(key, holding.item(ending, at: wall)))
            case .started, .ready, .released: break
            }
        }
        holdings[key] = holding
    }

    mutating func closed(_ key: AttemptKey) {
        guard let holding = holdings[key] else { return }
        holdings[key]?.isActive = false
        // A run that was stopped without a word, or whose last word was heard, has nothing to say.
        guard let ending = holding.ending, !holding.isForgotten, !holding.isEndingAnswered else {
            forget(key)
            return
        }
        // Nobody is there to take it back, and nobody misses it: see `disconnect`.
        if case .released = ending, isDraining, !isRegistered { forget(key) }
    }

    mutating func reported(
        _ results: [ItemResult],
        now: BootInstant,
        _ actions: inout [Action]
    ) {
        let keys = reportsInFlight
        reportsInFlight = []
        reportAt = now
        for (index, key) in keys.enumerated() {
            guard let kind = holdings[key]?.inFlight else { continue }
            holdings[key]?.inFlight = nil
            let code = index < results.count ? results[index].code : .known(.internal)
            answered(key, kind, code, now: now, &actions)
        }
    }

    private mutating func answered(
        _ key: AttemptKey,
        _ kind: ReportItem.Kind,
        _ code: OpenEnum<ResultCode>,
        now: BootInstant,
        _ actions: inout [Action]
    ) {
        let passing: [ResultCode] = [.storageReadOnly, .busy, .internal, .timeout, .draining]
        if case .known(let known) = code, passing.contains(known) {
            reportAt = now.advanced(by: .seconds(1))
            return
        }
        if code == .known(.grantRequired), kind == .finished, askAgain(key) { return }
        guard !kind.isTerminal else {
            // Known at the scheduler, or no longer wanted there: either way it is said.
            actions.append(.unspool(key))
            if holdings[key]?.isActive == true {
                holdings[key]?.answered.insert(kind)
            } else {
                forget(key)
            }
            return
        }
        guard code.value?.isSuccess == true else {
            actions.append(.stop(key, .revoked()))
            holdings[key]?.answered.insert(kind)
            return
        }
        // A grant that comes after the lease is asked for again once there is a lease.
        guard kind != .ready || !isLeaseOver(now) else { return }
        holdings[key]?.answered.insert(kind)
        guard kind == .ready else { return }
        if holdings[key]?.isGrantLost == true {
            regranted(key)
            return
        }
        holdings[key]?.phase = .granted
        let attempt = holdings[key]?.attempt
        holdings[key]?.grantedAttempt = attempt
        actions.append(.grant(key))
    }

    /// The scheduler has lost the grant of a film that stands at its place, as after a restore.
    private mutating func askAgain(_ key: AttemptKey) -> Bool {
        guard let holding = holdings[key], holding.film != nil, !holding.hasAskedAgain else {
            return false
        }
        holdings[key]?.hasAskedAgain = true
        holdings[key]?.isGrantLost = true
        holdings[key]?.grantedAttempt = nil
        holdings[key]?.start = holding.start ?? ReportItem.Start(isResumed: true)
        holdings[key]?.answered = []
        return true
    }

    private mutating func regranted(_ key: AttemptKey) {
        guard var holding = holdings[key] else { return }
        holding.isGrantLost = false
        holding.grantedAttempt = holding.attempt
        if case .finished(let film, var finish) = holding.ending {
            finish.adopted = nil
            holding.ending = .finished(film, finish)
        }
        holdings[key] = holding
    }

    /// Past the lease nothing starts and no grant is asked for; what no grant can fence is stopped.
    mutating func watchLease(now: BootInstant, _ actions: inout [Action]) {
        guard isLeaseOver(now), !isLeaseWatched else { return }
        isLeaseWatched = true
        for key in order {
            guard let holding = holdings[key], holding.isActive, holding.isKilledOnLeaseLoss,
                holding.ending == nil
            else { continue }
            actions.append(.stop(key, .leaseLost))
        }
    }

    /// When a heartbeat that is on its way has waited too long for its answer.
    var answerDeadline: BootInstant { answerAwaitedSince.advanced(by: answerWait) }

    /// How long a heartbeat may wait for its answer.
    private var answerWait: Duration { max(leaseDuration / 3, Limits.heartbeatAnswerMin) }

    /// A heartbeat waits for no disk and no other worker, so one that is not answered means that
    /// the line is dead though nobody has closed it, or the scheduler is: another connection finds
    /// out, long before the keepalive does.
    mutating func watchAnswer(now: BootInstant, _ actions: inout [Action]) {
        guard isRegistered, isHeartbeatInFlight, answerDeadline <= now else { return }
        // Who looks so late has slept: the answer may have been waiting here all the time.
        guard now.since(answerDeadline) < answerWait else {
            answerAwaitedSince = now
            return
        }
        disconnect()
        actions.append(.reconnect)
    }

    /// Without an answer to REGISTER there are no heartbeats that would find a dead line, and a
    /// scheduler that only seems to be there, such as a stopped one, would keep the worker.
    mutating func watchRegister(now: BootInstant, _ actions: inout [Action]) {
        guard registerDeadline <= now else { return }
        // Who looks so late has slept: the answer may have been waiting here all the time.
        guard now.since(registerDeadline) < Limits.registerAnswerTime else {
            registerDeadline = now.advanced(by: Limits.registerAnswerTime)
            return
        }
        disconnect()
        actions.append(.reconnect)
    }

    /// Sends what is due: a report with the credit in it, else the credit alone, and the heartbeat.
    mutating func speak(now: BootInstant, _ actions: inout [Action]) {
        if isDraining, holdings.isEmpty { actions.append(.drained) }
        guard isRegistered else { return }
        sendReports(now: now, &actions)
        if limit > limitSent || isDraining != isDrainTold {
            limitSent = limit
            isDrainTold = isDraining
            actions.append(.credit(limit: limitSent, isDraining: isDraining))
        }
        if heartbeatAt <= now, !isHeartbeatInFlight {
            isHeartbeatInFlight = true
            answerAwaitedSince = now
            scheduleHeartbeat(now: now)
            actions.append(
                .heartbeat(assignedSeen: assignedSeen, open: openCount, digest: digest)
            )
        }
    }

    private mutating func sendReports(now: BootInstant, _ actions: inout [Action]) {
        guard reportsInFlight.isEmpty, reportAt <= now else { return }
        var items: [ReportItem] = []
        var bytes = 0
        for key in order where items.count < Limits.batchItemsMax {
            guard let holding = holdings[key], let content = holding.next else { continue }
            let kind = ReportItem.kind(of: content)
            guard kind != .ready || !isLeaseOver(now) else { continue }
            bytes += AgentMachine.sizeEstimate(content)
            guard items.isEmpty || bytes < Limits.frameBytesMax / 2 else { break }
            holdings[key]?.inFlight = kind
            reportsInFlight.append(key)
            items.append(holding.item(content, at: wall))
            if kind.isTerminal { shut(key) }
        }
        guard !items.isEmpty else { return }
        limitSent = limit
        actions.append(.report(limit: limitSent, items))
    }

    /// A generous guess of an item's size, so that a REPORT stays well below the frame's limit.
    private static func sizeEstimate(_ content: ReportItem.Content) -> Int {
        switch content {
        case .started, .released: 512
        case .ready(let film): 512 + film.output.utf8.count
        case .finished(let film, let finish):
            512 + (film?.output.utf8.count ?? 0) + finish.logTail.count
        case .failed(let failure): 512 + failure.error.utf8.count + failure.logTail.count
        }
    }

    /// Every heartbeat comes up to a fifth early, so that a fleet does not beat in step.
    mutating func scheduleHeartbeat(now: BootInstant) {
        heartbeatCount += 1
        let random = OpenSetDigest.mix(incarnation ^ heartbeatCount) % 201
        let interval = heartbeatInterval * (1000 - Int(random)) / 1000
        heartbeatAt = now.advanced(by: interval)
    }
}
