// SPDX-License-Identifier: Apache-2.0
// Reelwork: the answer to one item of a batch

/// The answer to one item of a batch (the wire's Result).
public struct ItemResult: Hashable, Sendable {
    /// What came of it.
    public var code: OpenEnum<ResultCode>
    /// What to do, in words.
    public var detail: String?
    /// Another job that the answer names.
    public var number: JobNumber?
    /// The job's state.
    public var state: OpenEnum<JobState>?
    /// With an illegal move: the state the job is in.
    public var from: OpenEnum<JobState>?
    /// With an illegal move: the state that was asked for.
    public var to: OpenEnum<JobState>?

    /// Makes an answer.
    public init(
        _ code: ResultCode,
        detail: String? = nil,
        number: JobNumber? = nil,
        state: JobState? = nil,
        from: JobState? = nil,
        to: JobState? = nil
    ) {
        self.code = .known(code)
        self.detail = detail
        self.number = number
        self.state = state.map { .known($0) }
        self.from = from.map { .known($0) }
        self.to = to.map { .known($0) }
    }

    /// The answer to an event that the job machine refused.
    public init(_ refusal: JobRefusal) {
        switch refusal {
        case .illegalMove(let from, let to):
            self.init(.illegalTransition, detail: refusal.explanation, from: from, to: to)
        case .staleAttempt: self.init(.staleAttempt, detail: refusal.explanation)
        case .publishing: self.init(.publishing, detail: refusal.explanation)
        case .grantRequired: self.init(.grantRequired, detail: refusal.explanation)
        }
    }
}
