// SPDX-License-Identifier: Apache-2.0
// Reelwork: the loops' turns

package import ReelworkCore

extension Scheduler {
    /// A loop's turn (requirements, R7).
    ///
    /// Events and timers have done the work already: a turn does it once more, mends what a bug of
    /// ours left behind, and throws where there was such a thing. What it has changed by then
    /// stands, for each change is whole in itself.
    package mutating func run(_ sweep: SchedulerSweep, now: Moment) throws(SweepFault) {
        let isQuiet = !isUnsettled
        isUnsettled = true
        try self.sweep(sweep, isQuiet: isQuiet, now: now)
    }

    /// With `isQuiet` all inputs before were settled, so that nothing may be left to hand out.
    mutating func sweep(
        _ sweep: SchedulerSweep,
        isQuiet: Bool,
        now: Moment
    ) throws(SweepFault) {
        let found =
            switch sweep {
            case .scheduling: sweepScheduling(isQuiet: isQuiet, now: now)
            case .health: sweepHealth(now: now)
            case .cleanup: sweepCleanup(now: now)
            }
        guard !found.isEmpty else { return }
        let fault = SweepFault(found: Scheduler.words(of: found))
        note(.sweepFailed(sweep, found: fault.found))
        throw fault
    }

    /// The first few of many, and how many more there are.
    private static func words(of found: [String]) -> String {
        let shown = found.prefix(findingsShown).joined(separator: "; ")
        return found.count > findingsShown
            ? "\(shown); and \(found.count - findingsShown) more" : shown
    }

    /// Findings that an error names: it is one line of a log and of a table.
    private static let findingsShown = 3

    /// Hands out what can be handed out.
    private mutating func sweepScheduling(isQuiet: Bool, now: Moment) -> [String] {
        let before = metrics.assignmentSuccesses
        assignReady(now: now)
        let count = metrics.assignmentSuccesses - before
        return isQuiet && count > 0 ? ["\(count) jobs could be handed out and were not"] : []
    }

    /// Ends leases that are over, and sees that every lease and every run is looked at in time.
    private mutating func sweepHealth(now: Moment) -> [String] {
        var found: [String] = []
        for index in fleet.indices where fleet[index].state != .dead {
            if !fleet[index].hasLeaseTimer {
                found.append("nobody looked at the lease of worker \(fleet.name(index))")
                setLeaseTimer(index)
            }
            if fleet[index].leaseEnd <= now.boot { lookAtLease(index, now: now) }
        }
        for number in runs.keys.filter({ runs[$0]?.timerAt == .distantFuture }).sorted() {
            found.append("nobody looked at the time of job \(number)")
            lookAtRun(number, now: now)
        }
        return found
    }

    /// Takes jobs out of the hands of workers that are gone, and gives up those that none can run.
    private mutating func sweepCleanup(now: Moment) -> [String] {
        var found: [String] = []
        for number in orphans() {
            guard var job = jobs[number] else {
                found.append("job \(number) was held and is over")
                runs[number] = nil
                continue
            }
            found.append("job \(number) was in dead hands")
            orphan(
                &job,
                isCounted: true,
                Cause("Its worker is gone", failure: .platformError),
                now: now
            )
        }
        rejectUnfit(now: now)
        rejectRefused(now: now)
        return found
    }

    /// Held jobs whose worker is dead or unknown, in order.
    func orphans() -> [JobNumber] {
        runs.keys.filter { number in
            guard let worker = jobs[number]?.worker else { return true }
            return fleet[worker].state == .dead
        }.sorted()
    }

    /// Answers what an admin wanted of a loop, after the commit of what that did.
    package mutating func answer(_ tag: RequestTag, _ result: ItemResult) {
        isUnsettled = true
        answer(tag, .results([result]))
    }

    /// Tells the log what an admin did to a loop.
    package mutating func noteLoop(
        _ sweep: SchedulerSweep,
        _ what: String,
        reason: String,
        actor: String
    ) {
        isUnsettled = true
        note(.loopSet(sweep, what: what, reason: reason, actor: actor))
    }
}
