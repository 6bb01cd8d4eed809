// SPDX-License-Identifier: Apache-2.0
// Reelwork: a line's place among those that may be next.

/// A line's place among those that may be next: the tenant with the least assigned ÷ weight first,
/// among equals the one that was served longest ago, then by rank.
///
/// It is stale where it is not the one that its line was listed with last. Between two listings a
/// line's place only gets worse, so a stale one comes to the top too early and is mended there.
struct LineCandidate: Comparable, Sendable {
    /// The virtual time of the line's tenant when the place was noted.
    var time: UInt64
    /// When the tenant was served last; 0 where it never was.
    var turn: UInt64
    /// The head of the line.
    var head: ReadyEntry
    var line: LineIndex
    var pool: PoolIndex

    static func < (left: LineCandidate, right: LineCandidate) -> Bool {
        if left.time != right.time { return left.time < right.time }
        if left.turn != right.turn { return left.turn < right.turn }
        return left.head < right.head
    }
}
