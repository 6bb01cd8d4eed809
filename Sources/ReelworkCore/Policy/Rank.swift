// SPDX-License-Identifier: Apache-2.0
// Reelwork: who comes first

/// A job's place in its queue: the smallest rank comes first, then the lower number (requirements,
/// R6).
///
/// It is set at submission and kept over retries, so a retried job keeps its age and nothing is
/// ever ranked again.
public struct Rank: Hashable, Comparable, Sendable {
    /// Wall milliseconds of the submission, less five minutes a level.
    public var value: Int64

    /// Makes a rank that was stored.
    public init(value: Int64) {
        self.value = value
    }

    /// Ranks a new job: level = 3 × queue + priority, each level worth ``stepDuration`` of age.
    public init(submitted: Timestamp, queue: JobQueue, priority: JobPriority) {
        let level = 3 * queue.weight + priority.weight
        value = submitted.advanced(by: Rank.stepDuration * -Int(level)).milliseconds
    }

    /// The age that one level is worth.
    ///
    /// Five minutes bound how long a job can be passed by later ones to eight levels, forty
    /// minutes.
    public static let stepDuration = Duration.seconds(300)

    /// Orders by precedence: the smaller comes first.
    public static func < (left: Rank, right: Rank) -> Bool { left.value < right.value }
}
