// SPDX-License-Identifier: Apache-2.0
// Reelwork: what people say about order, in a test's world

import ReelworkCore

@testable import ReelworkScheduling

extension World {
    /// Pauses a queue, or lets it go on.
    mutating func set(_ queue: JobQueue, isPaused: Bool) -> [ItemResult] {
        let tag = tag()
        let order = QueueOrder(queue: queue, isPaused: isPaused, reason: "why", actor: "uid:7")
        scheduler.handle(.setQueue(tag, order), now: now)
        settle()
        guard case .results(let results)? = answers[tag.request] else { return [] }
        return results
    }

    /// Puts jobs before all others of their tenants.
    mutating func bump(_ numbers: [JobNumber]) -> [ItemResult] {
        let tag = tag()
        let targets = numbers.map { number in
            let stored = model.jobs[number]?.row?.machine
            return ResolvedJob(number: stored == nil ? nil : number, stored: stored)
        }
        scheduler.handle(.bump(tag, targets, reason: "why", actor: "uid:7"), now: now)
        settle()
        guard case .results(let results)? = answers[tag.request] else { return [] }
        return results
    }

    /// Submits many jobs of one tenant at once.
    mutating func jobs(
        _ count: Int,
        of tenant: String,
        _ change: (inout JobSpec) -> Void = { _ in }
    ) -> [JobNumber] {
        submit(
            (0..<count).map { index in
                let name = "\(tenant)-\(now.boot.nanoseconds)-\(index)"
                var spec = JobSpec(engine: "ffmpeg", input: "/in", output: "/out/\(name)")
                spec.tenant = tenant
                change(&spec)
                return World.submission(spec, key: name)
            }
        ).map(\.number)
    }

    /// Ends one job that a session has, as its worker would.
    mutating func end(_ assignment: Assignment, _ session: SessionID) {
        report(
            session,
            assignment.number,
            assignment.attempt.rawValue,
            .finished(nil, ReportItem.Finish(hasNoFile: true))
        )
    }

    /// Ends what a session was sent, one by one, until it was sent `count` jobs in all or nothing
    /// more comes; gives their numbers in order.
    mutating func served(_ session: SessionID, _ count: Int) -> [JobNumber] {
        var ended = 0
        while assigned(session).count < count {
            let all = assignments(session)
            guard ended < all.count else { break }
            end(all[ended], session)
            ended += 1
        }
        return Array(assigned(session).prefix(count))
    }
}
