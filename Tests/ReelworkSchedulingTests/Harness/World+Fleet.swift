// SPDX-License-Identifier: Apache-2.0
// Reelwork: an admin who looks after the fleet.

import ReelworkCore
import ReelworkScheduling

extension World {
    /// What came of an order, and how many attempts the worker still holds.
    struct Ordered: Equatable {
        var code: ResultCode?
        var detail: String?
        var open: UInt64
    }

    mutating func set(_ name: String, _ action: WorkerOrder.Action) -> Ordered? {
        let tag = tag()
        let order = WorkerOrder(name: name, action: action, reason: "test", actor: "uid:1000")
        scheduler.handle(.setWorker(tag, order), now: now)
        settle()
        guard case .worker(let result, let open)? = answers[tag.request] else { return nil }
        return Ordered(code: result.code.value, detail: result.detail, open: open)
    }

    mutating func views() -> [WorkerView] {
        let tag = tag()
        scheduler.handle(
            .workers(tag, name: "", isLong: false, after: "", limit: 100),
            now: now
        )
        settle()
        guard case .workers(let views, isMore: false)? = answers[tag.request] else { return [] }
        return views
    }

    /// An agent takes the job, and its process ends.
    mutating func killAgent(_ name: String, incarnation: UInt64, under job: JobNumber) {
        let session = worker(name, incarnation: incarnation)
        start(session, job, attempt(job) ?? 0)
        processGone(session)
    }

    func reasons(_ number: JobNumber) -> [String] {
        model.jobs[number]?.moves.map(\.reason) ?? []
    }
}
