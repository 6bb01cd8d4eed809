// SPDX-License-Identifier: Apache-2.0
// Reelwork: the engines chosen for a job, and why

public import ReelworkCore

/// The engines chosen for a job, and why.
public struct EngineChoice: Hashable, Sendable {
    /// Engines that can do it, the preferred one first; never empty.
    public var candidates: [EngineCandidate]
    /// Why in this order, in one sentence.
    public var reason: String
    /// Engines that cannot do it, each with its reason, in the order in which they were asked.
    public var passedOver: [EnginePassedOver]

    /// Makes a choice.
    public init(
        candidates: [EngineCandidate],
        reason: String,
        passedOver: [EnginePassedOver] = []
    ) {
        self.candidates = candidates
        self.reason = reason
        self.passedOver = passedOver
    }
}
