// SPDX-License-Identifier: Apache-2.0
// Reelwork: the steps that one event made

/// The steps that one event made, in order: none to three, held without an allocation.
public struct JobSteps: RandomAccessCollection, Hashable, Sendable {
    private var first: JobStep?
    private var second: JobStep?
    private var third: JobStep?

    /// No step: the event changed no state.
    public static let none = JobSteps()

    init() {}

    /// Adds a step.
    ///
    /// The longest row of the machine's table has three.
    mutating func append(_ step: JobStep) {
        if first == nil {
            first = step
        } else if second == nil {
            second = step
        } else {
            precondition(third == nil, "a job event makes at most three steps")
            third = step
        }
    }

    /// The first index.
    public var startIndex: Int { 0 }
    /// The number of steps.
    public var endIndex: Int { first == nil ? 0 : second == nil ? 1 : third == nil ? 2 : 3 }

    /// The step at `position`.
    public subscript(position: Int) -> JobStep {
        let step = position == 0 ? first : position == 1 ? second : third
        guard let step else { preconditionFailure("step index out of range") }
        return step
    }
}
