// SPDX-License-Identifier: Apache-2.0
// Reelwork: running ended jobs once more

import ReelworkCore

extension Scheduler {
    /// Runs ended jobs once more, each as a new job with its parent's spec: the end stands, and
    /// what comes of the retry has a history of its own.
    mutating func retry(
        _ tag: RequestTag,
        _ orders: [RetryOrder],
        reason: String,
        actor: String,
        now: Moment
    ) {
        answer(
            tag,
            .results(orders.map { retry($0, reason: reason, actor: actor, now: now) })
        )
    }

    private mutating func retry(
        _ order: RetryOrder,
        reason: String,
        actor: String,
        now: Moment
    ) -> ItemResult {
        let keyBytes = order.submission.key.utf8.count
        guard keyBytes > 0, keyBytes <= Limits.keyBytesMax else {
            return ItemResult(
                .invalidArgument,
                detail: "the key has \(keyBytes) bytes; give one of 1 to \(Limits.keyBytesMax)"
            )
        }
        guard let parent = number(of: order.parent),
            let state = jobs[parent]?.machine.state ?? ended[parent]?.state
                ?? order.parent.stored?.state
        else { return ItemResult(.notFound, detail: "there is no such job") }
        guard jobs[parent] == nil, state.isTerminal else {
            return ItemResult(
                .precondition,
                detail: "job \(parent) is \(state.name); only a job that has ended can be retried",
                number: parent,
                state: state
            )
        }
        // Accepted and ended in one commit that is not on disk: its spec cannot be read yet.
        guard order.parent.number != nil else {
            return ItemResult(
                .busy,
                detail: "the end of job \(parent) is not on disk yet; ask again",
                number: parent,
                state: state
            )
        }
        let words = "Retry of job \(parent)" + (reason.isEmpty ? "" : ": \(reason)")
        let result = accept(
            order.submission,
            retryOf: parent,
            Cause(words, actor: actor),
            now: now
        )
        var item = ItemResult(.ok, detail: result.detail)
        item.code = result.code
        item.state = result.state
        if result.number != JobNumber(0) { item.number = result.number }
        return item
    }
}
