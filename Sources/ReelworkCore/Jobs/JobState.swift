// SPDX-License-Identifier: Apache-2.0
// Reelwork: the nine states of a job

/// The nine states of a job.
///
/// The raw values stand on the wire and on disk and are never reused; 0 is no state (it is `from`
/// in the first move of a history).
public enum JobState: UInt8, CaseIterable, Hashable, Sendable {
    /// Waits for a worker.
    ///
    /// Moved on by the scheduler (assigned), a user (canceled), an admin (retrying) or the grace
    /// for jobs that no worker can do (rejected).
    case queued = 1
    /// Handed to a worker, which has not said yet that it started.
    ///
    /// May go to running, retrying, failed, canceled or timed out.
    case assigned = 2
    /// A worker runs it.
    ///
    /// May go to completed, failed, timed out, retrying or canceled.
    case running = 3
    /// Its film is published.
    ///
    /// Terminal.
    case completed = 4
    /// It will not be tried again.
    ///
    /// Terminal.
    case failed = 5
    /// Its deadline passed without progress.
    ///
    /// Never at rest: left in the transaction that entered it.
    case timedOut = 6
    /// Waits for its backoff to pass; then it goes back to queued.
    case retrying = 7
    /// A user ended it.
    ///
    /// Terminal.
    case canceled = 8
    /// No worker of the fleet can do it.
    ///
    /// Terminal.
    case rejected = 9

    /// Whether no move leads out of this state.
    public var isTerminal: Bool {
        switch self {
        case .completed, .failed, .canceled, .rejected: true
        case .queued, .assigned, .running, .timedOut, .retrying: false
        }
    }

    /// Whether a worker holds the job in this state.
    public var isHeld: Bool { self == .assigned || self == .running }

    /// The states that a legal move leads to, in the order of the table (requirements, R1).
    public var successors: [JobState] {
        switch self {
        case .queued: [.assigned, .canceled, .retrying, .rejected]
        case .assigned: [.running, .retrying, .failed, .canceled, .timedOut]
        case .running: [.completed, .failed, .timedOut, .retrying, .canceled]
        case .retrying: [.queued, .failed, .canceled]
        case .timedOut: [.retrying, .failed]
        case .completed, .failed, .canceled, .rejected: []
        }
    }

    /// Whether the table has a move from here to `target`.
    public func canMove(to target: JobState) -> Bool {
        switch self {
        case .queued:
            target == .assigned || target == .canceled || target == .retrying || target == .rejected
        case .assigned:
            target == .running || target == .retrying || target == .failed || target == .canceled
                || target == .timedOut
        case .running:
            target == .completed || target == .failed || target == .timedOut
                || target == .retrying || target == .canceled
        case .retrying: target == .queued || target == .failed || target == .canceled
        case .timedOut: target == .retrying || target == .failed
        case .completed, .failed, .canceled, .rejected: false
        }
    }

    /// The name in documents, JSON and metrics.
    public var name: String {
        switch self {
        case .queued: "queued"
        case .assigned: "assigned"
        case .running: "running"
        case .completed: "completed"
        case .failed: "failed"
        case .timedOut: "timed_out"
        case .retrying: "retrying"
        case .canceled: "canceled"
        case .rejected: "rejected"
        }
    }

    /// The name as log lines show it.
    public var logName: String { name.uppercased() }

    /// Reads a state's name, those of the predecessor too (pending, processing, paused).
    public init?(name: String) {
        switch name.lowercased() {
        case "queued", "pending": self = .queued
        case "assigned", "paused": self = .assigned
        case "running", "processing": self = .running
        case "completed": self = .completed
        case "failed": self = .failed
        case "timed_out": self = .timedOut
        case "retrying": self = .retrying
        case "canceled": self = .canceled
        case "rejected": self = .rejected
        default: return nil
        }
    }
}
