// SPDX-License-Identifier: Apache-2.0
// Reelwork: the answer to one submitted job

/// The answer to one submitted job.
public struct SubmitResult: Hashable, Sendable {
    /// `ok` for a new job, `okExists` where the key and the spec are known, else what is wrong.
    public var code: OpenEnum<ResultCode>
    /// The job's id; all zero where there is none.
    public var id: JobID
    /// The job's number; 0 where there is none.
    public var number: JobNumber
    /// The job's state; nil where there is no job.
    public var state: OpenEnum<JobState>?
    /// What to do, in words.
    public var detail: String?

    /// Makes an answer.
    public init(
        _ code: ResultCode,
        id: JobID = JobID(high: 0, low: 0),
        number: JobNumber = JobNumber(0),
        state: JobState? = nil,
        detail: String? = nil
    ) {
        self.code = .known(code)
        self.id = id
        self.number = number
        self.state = state.map { .known($0) }
        self.detail = detail
    }
}
