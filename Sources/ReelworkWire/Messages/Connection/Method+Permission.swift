// SPDX-License-Identifier: Apache-2.0
// Reelwork: which permission a method needs

package import ReelworkCore

extension Method {
    /// The permission that a client needs for it: the column "who" of the specification.
    package var permission: Permissions {
        switch self {
        case .getJob, .listJobs, .watch, .history, .jobLog, .jobWhy, .workersList, .metrics: .read
        case .submitBatch, .cancelJob, .retryJob: .submit
        case .jobBump, .queueSet, .workerSet: .operate
        case .register, .heartbeat, .credit, .assign, .report, .revoke, .inventory, .progress,
            .logRead:
            .work
        case .recover, .loops, .loopSet, .check, .backup, .config, .logLevel: .admin
        }
    }
}
