// SPDX-License-Identifier: Apache-2.0
// Reelwork: one step of the state machine

/// One legal step from a state to another.
///
/// `from` is nil only for a job's first step.
public struct JobStep: Hashable, Sendable {
    /// The state before; nil where the job comes into being.
    public let from: JobState?
    /// The state after.
    public let to: JobState

    /// A step as a store read it back; only ``JobMachine`` makes new ones.
    public init(from: JobState?, to: JobState) {
        self.from = from
        self.to = to
    }
}
