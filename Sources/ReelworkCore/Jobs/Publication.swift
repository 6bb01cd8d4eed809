// SPDX-License-Identifier: Apache-2.0
// Reelwork: which grant a finished job stands on

/// Which grant a finished job stands on.
public enum Publication: Hashable, Sendable {
    /// The attempt published its own film under its own grant.
    case own
    /// The film of an earlier granted attempt stands at the output and was taken over.
    case adopted(AttemptNumber)
    /// The output is no file: nothing was published and no grant is needed.
    case noFile
}
