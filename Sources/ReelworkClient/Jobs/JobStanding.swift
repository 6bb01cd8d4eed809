// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does.

public import ReelworkCore

/// Why a job stands where it does, and what can change that.
public struct JobStanding: Hashable, Sendable {
    /// One reason.
    public struct Reason: Hashable, Sendable {
        /// The reason in a word of ``ReelworkCore/WhyCode``; a scheduler that is newer may have
        /// more.
        public var code: String
        /// The reason in a sentence.
        public var text: String
        /// How many workers it holds for; 0 where it is about none.
        public var count: UInt64

        /// Makes a reason.
        public init(code: String, text: String, count: UInt64 = 0) {
            self.code = code
            self.text = text
            self.count = count
        }

        /// The reason, where its word is known.
        public var known: WhyCode? { WhyCode(rawValue: code) }
    }

    /// A worker that was considered.
    public struct Considered: Hashable, Sendable {
        /// The worker.
        public var name: String
        /// What it lacks for the job, in a word.
        public var code: String
        /// What it lacks for the job, as a sentence whose subject it is.
        public var text: String

        /// Makes it.
        public init(name: String, code: String, text: String) {
            self.name = name
            self.code = code
            self.text = text
        }
    }

    /// The job; nil where the scheduler did not say.
    public var number: JobNumber?
    /// Where it stands.
    public var state: OpenEnum<JobState>?
    /// Why; the first is the answer.
    public var reasons: [Reason]
    /// Its rank, where it waits: the smallest comes first.
    public var rank: Int64?
    /// Its place among the waiting jobs of its tenant; 1 is the next.
    public var place: UInt64?
    /// More wait than were counted: its place is ``place`` or a later one.
    public var isPlaceAtLeast = false
    /// The next time at which anything can change by itself.
    public var nextAt: Timestamp?
    /// Workers that were considered, the nearest to taking it first.
    public var workers: [Considered] = []
    /// There are more workers than ``workers`` has.
    public var isCut = false

    /// Makes one, for tests of programs that ask.
    public init(
        number: JobNumber? = nil,
        state: OpenEnum<JobState>? = nil,
        reasons: [Reason]
    ) {
        self.number = number
        self.state = state
        self.reasons = reasons
    }
}
