// SPDX-License-Identifier: Apache-2.0
// Reelwork: what never changes of a stored job

/// What never changes of a stored job.
public struct JobInsert: Hashable, Sendable {
    /// The number; never reused.
    public var number: JobNumber
    /// The universal id.
    public var id: JobID
    /// The idempotency key.
    public var key: String
    /// Whose job it is.
    public var tenant: String
    /// Its queue.
    public var queue: JobQueue
    /// Its priority.
    public var priority: JobPriority
    /// How often it may be tried again.
    public var retriesMax: UInt16
    /// When it was accepted.
    public var created: Timestamp
    /// The job that this one repeats.
    public var retryOf: JobNumber?
    /// The encoded ``JobSpec``, byte for byte as it came.
    public var spec: [UInt8]

    /// Makes the fixed part of a job.
    public init(
        number: JobNumber,
        id: JobID,
        key: String,
        tenant: String,
        queue: JobQueue,
        priority: JobPriority,
        retriesMax: UInt16,
        created: Timestamp,
        retryOf: JobNumber? = nil,
        spec: [UInt8]
    ) {
        self.number = number
        self.id = id
        self.key = key
        self.tenant = tenant
        self.queue = queue
        self.priority = priority
        self.retriesMax = retriesMax
        self.created = created
        self.retryOf = retryOf
        self.spec = spec
    }
}
