// SPDX-License-Identifier: Apache-2.0
// Reelwork: requests that say how long their answer is of use.

internal import ReelworkWire

/// A request that can say how long its answer is of use.
protocol TimedRequest: WireMessage {
    /// What every request may carry.
    var tags: RequestTags { get set }
}

extension TimedRequest {
    /// The same request, whose answer is of use until `end`; nil = for ever.
    ///
    /// What the scheduler has not begun by then it drops, instead of doing it for nobody. The time
    /// counts from receipt, so it is that which is left when the request is sent.
    func timed(until end: ContinuousClock.Instant?) -> Self {
        guard let end else { return self }
        var timed = self
        // 0 would be no limit; whoever has less than a millisecond gives up before the answer.
        timed.tags.timeout = max(ContinuousClock.now.duration(to: end), .milliseconds(1))
        return timed
    }
}

extension SubmitBatch.Request: TimedRequest {}
extension GetJob.Request: TimedRequest {}
extension ListJobs.Request: TimedRequest {}
extension CancelJob.Request: TimedRequest {}
extension RetryJob.Request: TimedRequest {}
extension QueueSet.Request: TimedRequest {}
extension WorkerSet.Request: TimedRequest {}
extension LoopSet.Request: TimedRequest {}
extension History.Request: TimedRequest {}
extension JobLog.Request: TimedRequest {}
extension JobWhy.Request: TimedRequest {}
extension WorkersList.Request: TimedRequest {}
extension Metrics.Request: TimedRequest {}
extension Recover.Request: TimedRequest {}
extension Check.Request: TimedRequest {}
extension EmptyRequest: TimedRequest {}
