// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a request is answered

package import ReelworkCore

/// What a request is answered.
package enum SchedulerAnswer: Sendable {
    /// To submit: one result a job, in order.
    case submitted([SubmitResult])
    /// To cancel and report: one result an item, in order.
    case results([ItemResult])
    /// To recover: an outcome a job that was looked at.
    case recovered([RecoveryOutcome], isMore: Bool)
    /// To register: verdicts in the order of what is held.
    case registered(SessionID, heartbeat: Duration, lease: Duration, verdicts: [Verdict])
    /// To a heartbeat.
    case heartbeat
    /// To locate: the session that holds the job and its attempt; nil where none does.
    case located(SessionID?, AttemptNumber)
    /// To workers: by name, compared as bytes; with `isMore` there are more after the last.
    case workers([WorkerView], isMore: Bool)
    /// To what was to become of a worker, with the attempts that it still holds.
    case worker(ItemResult, open: UInt64)
    /// To why.
    case why(JobExplanation)
    /// To why, of a job that has ended: the store knows how.
    case whyStored(JobNumber)
    /// To metrics.
    case metrics(SchedulerMetrics, prefix: String)
    /// To any request as a whole.
    case refused(ResultCode, detail: String, retryAfter: Duration)
}
