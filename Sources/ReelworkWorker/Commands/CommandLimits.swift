// SPDX-License-Identifier: Apache-2.0
// Reelwork: the limits of a command

/// The limits of a command, set by the helper before the program begins.
package struct CommandLimits: Hashable, Sendable {
    /// Added to the program's nice value: the agent's own few frames come first.
    package var niceness: Int32
    /// Largest core file; 0 = none: a crash of an encoder must not fill the disk.
    package var coreBytesMax: UInt64
    /// Largest address space; nil for no limit.
    package var memoryBytesMax: UInt64?
    /// Largest file that it writes; nil for no limit.
    package var fileBytesMax: UInt64?

    /// Makes limits.
    package init(
        niceness: Int32 = 5,
        coreBytesMax: UInt64 = 0,
        memoryBytesMax: UInt64? = nil,
        fileBytesMax: UInt64? = nil
    ) {
        self.niceness = min(max(niceness, 0), 19)
        self.coreBytesMax = coreBytesMax
        self.memoryBytesMax = memoryBytesMax
        self.fileBytesMax = fileBytesMax
    }

    /// The helper's options for them.
    var options: [String] {
        var options = ["--nice", "\(niceness)", "--rlimit-core", "\(coreBytesMax)"]
        if let memoryBytesMax { options += ["--rlimit-as", "\(memoryBytesMax)"] }
        if let fileBytesMax { options += ["--rlimit-fsize", "\(fileBytesMax)"] }
        return options
    }
}
