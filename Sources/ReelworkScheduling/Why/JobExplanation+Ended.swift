// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job ended as it did

package import ReelworkCore

extension JobExplanation {
    /// Why a job ended as it did; nil where it has not ended.
    ///
    /// - Parameters:
    ///   - row: how the store has it.
    ///   - last: the last move of its history.
    package init?(ended row: JobRow, last: Move?) {
        let reason: Reason
        switch row.machine.state {
        case .queued, .assigned, .running, .retrying, .timedOut: return nil
        case .completed:
            let worker = row.worker.isEmpty ? "" : " on \(row.worker)"
            let at = row.completed.map { " at \($0.text)" } ?? ""
            reason = Reason(
                .completed,
                "it was completed\(worker) in attempt \(row.machine.attempt)\(at)"
            )
        case .canceled:
            let who = last.map { " by \($0.actor)" } ?? ""
            reason = Reason(.userCanceled, "it was canceled\(who)\(JobExplanation.why(last))")
        case .rejected:
            reason = Reason(.rejected, "it was rejected\(row.error.map { ": \($0)" } ?? "")")
        case .failed:
            let isForced = JobExplanation.isForced(last)
            let failure = isForced ? nil : row.failure
            let name = failure.map { ", \($0.name)" } ?? ""
            reason = Reason(.failed, "it failed\(name)\(row.error.map { ": \($0)" } ?? "")")
        }
        self.init(of: row.number, row.machine.state, reason)
        guard row.machine.state == .failed else { return }
        add(JobExplanation.end(of: row, last))
    }

    /// Why a failed job is not tried again.
    private static func end(of row: JobRow, _ last: Move?) -> Reason {
        let again = "; `reelwork job retry \(row.number.rawValue)` runs it as a new job"
        if row.error?.contains(Scheduler.quarantineMark) == true {
            return Reason(.quarantined, "agents died under it, so it was given up" + again)
        }
        if let last, isForced(last) {
            return Reason(.forced, "\(last.actor) failed it\(why(last))" + again)
        }
        if let failure = row.failure, !failure.isRetryable {
            return Reason(
                .notRetriable,
                "\(failure.name) is never tried again: submit it anew with what was wrong changed, "
                    + "or, where that lay outside of the job, `reelwork job retry "
                    + "\(row.number.rawValue)`"
            )
        }
        if let last, last.reason.hasSuffix(Scheduler.finalMark) {
            return Reason(.notRetriable, "its engine said that a retry is of no use" + again)
        }
        let max = row.machine.retriesMax
        // What was imported may have ended otherwise.
        guard row.machine.retryCount >= max else {
            return Reason(.notRetriable, "it is not tried again" + again)
        }
        let words = max == 0 ? "its submitter wanted no retry" : "its \(max) retries are spent"
        return Reason(.retriesSpent, words + again)
    }

    /// Whether a person made the last move, and failed the job by it.
    private static func isForced(_ last: Move?) -> Bool {
        guard let last, last.to == .known(.failed), last.failure == nil else { return false }
        return last.actor != Cause.scheduler && !last.actor.hasPrefix("worker:")
    }

    /// What the person said who made the last move.
    private static func why(_ last: Move?) -> String {
        guard let last, let colon = last.reason.firstIndex(of: ":") else { return "" }
        return String(last.reason[colon...])
    }
}
