// SPDX-License-Identifier: Apache-2.0
// Reelwork: a line of waiting jobs in a round of assignment.

/// A line's place in a round: the tenant with the least in workers' hands first, then by rank.
struct LineCandidate: Comparable, Sendable {
    /// Jobs of the line's tenant in workers' hands when the place was noted.
    var held: Int
    /// The head of the line.
    var entry: ReadyEntry
    var line: Int

    static func < (left: LineCandidate, right: LineCandidate) -> Bool {
        left.held == right.held ? left.entry < right.entry : left.held < right.held
    }
}
