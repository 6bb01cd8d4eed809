// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a fake scheduler was asked

import Glibc
import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// What a request asked for, decoded.
enum Asked: Hashable, Sendable {
    case submit(SubmitBatch.Request)
    case job(GetJob.Request)
    case list(ListJobs.Request)
    case watch(Watch.Request)
    case cancel(CancelJob.Request)
    case history(History.Request)
    case log(JobLog.Request)
    case workers(WorkersList.Request)
    case metrics(Metrics.Request)
    case recover(Recover.Request)
    case why(JobWhy.Request)
    case retry(RetryJob.Request)
    case bump(JobBump.Request)
    case queue(QueueSet.Request)
    case worker(WorkerSet.Request)
    case loop(LoopSet.Request)
    case loops
    case check(Check.Request)
}
