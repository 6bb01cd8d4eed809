// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job as readers see it

/// A job as readers see it: the answer to get and list, and the snapshot of a watch.
public struct JobView: Hashable, Sendable {
    /// The universal id.
    public var id: JobID
    /// The number.
    public var number: JobNumber
    /// Where it stands.
    public var state: OpenEnum<JobState>
    /// Its queue.
    public var queue: OpenEnum<JobQueue>
    /// Its priority.
    public var priority: OpenEnum<JobPriority>
    /// Its last attempt.
    public var attempt: AttemptNumber
    /// Failures, timeouts and lost workers so far.
    public var retryCount: UInt64
    /// How often it may be tried again.
    public var retriesMax: UInt64
    /// The engine that runs or ran it; what was asked for before that.
    public var engine: String
    /// The worker that holds or held it last; empty where none has.
    public var worker: String
    /// When it was accepted.
    public var created: Timestamp
    /// The input as submitted.
    public var input: String
    /// The output as submitted.
    public var output: String
    /// When the last attempt started.
    public var started: Timestamp?
    /// When it reached a terminal state.
    public var completed: Timestamp?
    /// It waits until then.
    public var notBefore: Timestamp?
    /// When the current run's time is over.
    public var deadline: Timestamp?
    /// Why the last attempt failed.
    public var failure: OpenEnum<FailureClass>?
    /// The last error in words.
    public var error: String?
    /// The engine parameters; empty in a short view.
    public var parameters: [Parameter]
    /// The idempotency key.
    public var key: String?
    /// The job that this one repeats.
    public var retryOf: JobNumber?
    /// How far the current run has come.
    public var progress: JobProgress?
    /// The last attempt that was granted the publish.
    public var granted: AttemptNumber?
    /// The engine that the submitter asked for.
    public var askedEngine: String?
    /// The submitter's hard limit for a run.
    public var timeout: Duration?
    /// Whose job it is.
    public var tenant: String?
    /// The sequence number of the last move that is in the view; nil where the scheduler is older.
    public var sequence: UInt64?

    /// Makes a view with what every job has; the rest starts empty.
    public init(
        id: JobID,
        number: JobNumber,
        state: OpenEnum<JobState>,
        queue: OpenEnum<JobQueue>,
        priority: OpenEnum<JobPriority>,
        attempt: AttemptNumber,
        retryCount: UInt64,
        retriesMax: UInt64,
        engine: String,
        worker: String,
        created: Timestamp,
        input: String,
        output: String
    ) {
        self.id = id
        self.number = number
        self.state = state
        self.queue = queue
        self.priority = priority
        self.attempt = attempt
        self.retryCount = retryCount
        self.retriesMax = retriesMax
        self.engine = engine
        self.worker = worker
        self.created = created
        self.input = input
        self.output = output
        parameters = []
    }
}
