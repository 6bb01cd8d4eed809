// SPDX-License-Identifier: Apache-2.0
// Reelwork: the job behind a key

/// The job behind an idempotency key.
public struct StoredKey: Hashable, Sendable {
    /// The job's number.
    public var number: JobNumber
    /// Its universal id.
    public var id: JobID
    /// Its state in the store; the scheduler's own record is newer where the job lives.
    public var state: JobState
    /// The spec it was submitted with, to be compared.
    public var spec: [UInt8]
    /// The job that it repeats; nil where it was submitted.
    public var retryOf: JobNumber?

    /// Makes a match.
    public init(
        number: JobNumber,
        id: JobID,
        state: JobState,
        spec: [UInt8],
        retryOf: JobNumber? = nil
    ) {
        self.number = number
        self.id = id
        self.state = state
        self.spec = spec
        self.retryOf = retryOf
    }
}
