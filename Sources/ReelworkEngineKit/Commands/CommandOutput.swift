// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a command's standard output is for

/// What a command's standard output is for.
public enum CommandOutput: Hashable, Sendable {
    /// It is kept whole, up to so many bytes, and handed back; what is beyond is read and dropped.
    case kept(bytesMax: Int)
    /// It is fed to the ``ProgressParser`` as it comes and not kept.
    case progress
}
