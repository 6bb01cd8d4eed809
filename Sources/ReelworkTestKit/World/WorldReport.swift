// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a simulated world ended

import ReelworkCore

/// How a simulated world ended.
package struct WorldReport: Hashable, Sendable {
    /// What went wrong; empty where every invariant held.
    package var violations: [String]
    /// Jobs in each state at the end, by the state's name.
    package var states: [String: Int]
    /// Films that stand at their outputs.
    package var published: Int
    /// Faults that were made.
    package var faults: [String: Int]
    /// What was seen, and how often.
    package var sights: [WorldSight: Int]
    /// Frames that were carried over connections.
    package var frames: Int
    /// Bytes that were carried.
    package var bytes: Int
    /// Events that were handled.
    package var steps: Int
    /// How much time passed in the world.
    package var elapsed: Duration
    /// A hash of every move of every job: two runs of a seed have the same.
    package var hash: UInt64
}
