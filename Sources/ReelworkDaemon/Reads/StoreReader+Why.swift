// SPDX-License-Identifier: Apache-2.0
// Reelwork: answers to why from the store

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkWire

extension StoreReader {
    /// Answers why an ended job ended as it did; of any other the scheduler is asked.
    func why(_ incoming: RPCIncoming, _ request: JobWhy.Request, router: RequestRouter) {
        let tag = router.tag(incoming)
        run(tag, router, within: request.tags.timeout) { [self] () throws(StoreError) in
            let job = try store.job(request.ref)
            if let job, let answer = try whyEnded(tag, job.row) { return [answer] }
            var target = ResolvedJob(number: job?.row.number, stored: job?.row.machine)
            if job == nil {
                // Of a commit that is under way nobody but the submitter knows anything: the key.
                guard case .key(let key) = request.ref else { return [Self.notFound(tag)] }
                target.key = key
            }
            router.post(.input(.why(tag, target)), incoming, within: request.tags.timeout)
            return []
        }
    }

    /// The scheduler has said that a job has ended since it was read.
    func whyEnded(_ tag: RequestTag, _ number: JobNumber, router: RequestRouter) {
        run(tag, router) { [self] () throws(StoreError) in
            guard let job = try store.job(.number(number)) else { return [Self.notFound(tag)] }
            guard let answer = try whyEnded(tag, job.row) else {
                let words = "job \(number) has moved meanwhile; ask again"
                return [Self.error(tag, .busy, words)]
            }
            return [answer]
        }
    }

    private func whyEnded(_ tag: RequestTag, _ row: JobRow) throws(StoreError) -> RPCDelivery? {
        guard row.machine.state.isTerminal else { return nil }
        let before = UInt64(row.machine.moves) - min(1, UInt64(row.machine.moves))
        let last = try store.history(row.number, after: before, limit: 1).moves.last
        guard let explanation = JobExplanation(ended: row, last: last) else { return nil }
        return .response(
            JobWhy.self,
            JobWhy.Response(explanation),
            to: Self.connection(tag),
            request: tag.request
        )
    }
}

extension JobWhy.Response {
    /// An explanation on the wire.
    init(_ explanation: JobExplanation) {
        self.init(
            reasons: explanation.reasons.map {
                JobWhy.Reason(code: $0.code.rawValue, text: $0.text, count: $0.count)
            }
        )
        rank = explanation.rank?.value
        place = explanation.place
        nextAt = explanation.nextAt
        workers = explanation.workers.map {
            JobWhy.Considered(name: $0.name, code: $0.code.rawValue, text: $0.text)
        }
        isCut = explanation.isCut
        isPlaceAtLeast = explanation.isPlaceAtLeast
        number = explanation.number
        state = .known(explanation.state)
    }
}
