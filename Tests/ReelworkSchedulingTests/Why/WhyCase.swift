// SPDX-License-Identifier: Apache-2.0
// Reelwork: a cause for which a job stands where it does

import ReelworkCore

@testable import ReelworkScheduling

/// A cause for which a job stands where it does, and what is to be answered.
struct WhyCase: Sendable, CustomStringConvertible {
    var description: String
    /// The reasons, in order.
    var codes: [WhyCode]
    /// When anything can change by itself; nil for never.
    var nextIn: Duration?
    /// Words of the first reason.
    var words: String
    /// Makes it so, and says which job it is.
    var make: @Sendable (inout World) -> JobNumber
    /// What the scheduler goes by.
    var policy: SchedulerPolicy

    init(
        _ description: String,
        _ codes: [WhyCode],
        next nextIn: Duration? = nil,
        _ words: String,
        policy: SchedulerPolicy = World.policy,
        _ make: @escaping @Sendable (inout World) -> JobNumber
    ) {
        self.description = description
        self.codes = codes
        self.nextIn = nextIn
        self.words = words
        self.policy = policy
        self.make = make
    }
}
