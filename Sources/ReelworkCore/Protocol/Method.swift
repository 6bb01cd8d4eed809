// SPDX-License-Identifier: Apache-2.0
// Reelwork: the methods of the protocol

/// The methods of the protocol.
///
/// An id is never given twice; ids from 0x001 to 0x00F are never used and those from 0x800 on are
/// for experiments.
public enum Method: UInt16, CaseIterable, Hashable, Sendable {
    /// Submits jobs.
    case submitBatch = 0x010
    /// Reads one job.
    case getJob = 0x011
    /// Lists jobs, a page at a time.
    case listJobs = 0x012
    /// Follows jobs until they end.
    case watch = 0x013
    /// Cancels jobs.
    case cancelJob = 0x014
    /// Submits ended jobs again, as new ones.
    case retryJob = 0x015
    /// Reads a job's moves.
    case history = 0x016
    /// Reads what a job's encoder said.
    case jobLog = 0x017
    /// Explains a job's state.
    case jobWhy = 0x018
    /// Puts queued jobs before the others of their tenant.
    case jobBump = 0x019
    /// Pauses and resumes a queue.
    case queueSet = 0x01A
    /// A worker says what it is and what it holds.
    case register = 0x020
    /// A worker says that it lives.
    case heartbeat = 0x021
    /// A worker says how much it takes.
    case credit = 0x022
    /// The scheduler hands out jobs.
    case assign = 0x023
    /// A worker says what came of its attempts.
    case report = 0x024
    /// The scheduler takes attempts back.
    case revoke = 0x025
    /// The scheduler asks what a worker holds.
    case inventory = 0x026
    /// A worker says how far its encodes have come.
    case progress = 0x027
    /// The scheduler asks for the log of a running encode.
    case logRead = 0x028
    /// Lists workers.
    case workersList = 0x030
    /// Drains, resumes or removes a worker.
    case workerSet = 0x031
    /// Reads the metrics.
    case metrics = 0x040
    /// Forces jobs out of dead hands.
    case recover = 0x041
    /// Says how the loops run.
    case loops = 0x042
    /// Starts, stops or runs a loop.
    case loopSet = 0x043
    /// Checks the store.
    case check = 0x044
    /// Copies the store.
    case backup = 0x045
    /// Shows the configuration.
    case config = 0x046
    /// Sets a logger's level.
    case logLevel = 0x047

    /// The name in the specification.
    public var name: String {
        switch self {
        case .submitBatch: "SUBMIT_BATCH"
        case .getJob: "GET_JOB"
        case .listJobs: "LIST_JOBS"
        case .watch: "WATCH"
        case .cancelJob: "CANCEL_JOB"
        case .retryJob: "RETRY_JOB"
        case .history: "HISTORY"
        case .jobLog: "JOB_LOG"
        case .jobWhy: "JOB_WHY"
        case .jobBump: "JOB_BUMP"
        case .queueSet: "QUEUE_SET"
        case .register: "REGISTER"
        case .heartbeat: "HEARTBEAT"
        case .credit: "CREDIT"
        case .assign: "ASSIGN"
        case .report: "REPORT"
        case .revoke: "REVOKE"
        case .inventory: "INVENTORY"
        case .progress: "PROGRESS"
        case .logRead: "LOG_READ"
        case .workersList: "WORKERS_LIST"
        case .workerSet: "WORKER_SET"
        case .metrics: "METRICS"
        case .recover: "RECOVER"
        case .loops: "LOOPS"
        case .loopSet: "LOOP_SET"
        case .check: "CHECK"
        case .backup: "BACKUP"
        case .config: "CONFIG"
        case .logLevel: "LOG_LEVEL"
        }
    }
}
