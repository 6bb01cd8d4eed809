// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is to become of a loop.

/// What is to become of one of the scheduler's loops.
public enum LoopAction: String, CaseIterable, Hashable, Sendable {
    /// It runs by itself.
    case start
    /// It does not run by itself.
    case stop
    /// It runs once now, whether it runs by itself or not.
    case run
}
