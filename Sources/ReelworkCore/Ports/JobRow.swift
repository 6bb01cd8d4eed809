// SPDX-License-Identifier: Apache-2.0
// Reelwork: what changes of a stored job

/// What changes of a stored job; a batch holds at most one row a job: how it stands at the end.
public struct JobRow: Hashable, Sendable {
    /// The job.
    public var number: JobNumber
    /// State, attempt, retries, number of moves and grant.
    public var machine: JobMachine
    /// Its place among the waiting.
    public var rank: Rank
    /// The worker that holds or held it last; empty where none has.
    public var worker: String
    /// The engine that was chosen; empty before the first assignment.
    public var engine: String
    /// It waits until then.
    public var notBefore: Timestamp?
    /// When the last attempt started.
    public var started: Timestamp?
    /// When it reached a terminal state.
    public var completed: Timestamp?
    /// When the current run's time is over.
    public var deadline: Timestamp?
    /// Why the last attempt failed.
    public var failure: FailureClass?
    /// The last error in words.
    public var error: String?

    /// Makes a row.
    public init(
        number: JobNumber,
        machine: JobMachine,
        rank: Rank,
        worker: String = "",
        engine: String = "",
        notBefore: Timestamp? = nil,
        started: Timestamp? = nil,
        completed: Timestamp? = nil,
        deadline: Timestamp? = nil,
        failure: FailureClass? = nil,
        error: String? = nil
    ) {
        self.number = number
        self.machine = machine
        self.rank = rank
        self.worker = worker
        self.engine = engine
        self.notBefore = notBefore
        self.started = started
        self.completed = completed
        self.deadline = deadline
        self.failure = failure
        self.error = error
    }
}
