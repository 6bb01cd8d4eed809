// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an engine is better at than others

/// What an engine is better at than others.
///
/// `auto` asks the engines that are strong in what a job needs first.
public enum EngineStrength: Hashable, Sendable, CaseIterable {
    /// Files that become files.
    case files
    /// The live queue, and outputs that are streams.
    case live
}
