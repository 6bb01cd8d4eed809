// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the system says of a file

internal import Glibc

/// What stat(2) says of a file, as far as it is used; links are followed.
///
/// It stands here because `stat` belongs to two C modules where Foundation is imported too, and
/// which of them a file of such a target sees is luck.
package struct FileFacts: Hashable, Sendable {
    /// What looking at a path comes to.
    package enum Look: Sendable {
        /// It is there.
        case found(FileFacts)
        /// Why it cannot be looked at: a number of errno(3).
        case failed(Int32)
    }

    /// The device that it lies on.
    package let device: UInt64
    /// Its number there.
    package let inode: UInt64
    /// Its length, in bytes.
    package let size: Int64
    /// When its content changed last, in seconds since 1970, and the rest in nanoseconds.
    package let changedSeconds: Int
    /// The rest of the time, in nanoseconds.
    package let changedNanoseconds: Int
    private let mode: UInt32

    /// Looks at a path.
    package static func look(at path: String) -> Look {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return .failed(errno) }
        return .found(
            FileFacts(
                device: UInt64(facts.st_dev),
                inode: UInt64(facts.st_ino),
                size: Int64(facts.st_size),
                changedSeconds: facts.st_mtim.tv_sec,
                changedNanoseconds: facts.st_mtim.tv_nsec,
                mode: facts.st_mode
            )
        )
    }

    /// The facts of a path; nil where it cannot be looked at.
    package static func of(_ path: String) -> FileFacts? {
        switch look(at: path) {
        case .found(let facts): facts
        case .failed: nil
        }
    }

    /// Whether it is a folder.
    package var isFolder: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether group or others may write to it.
    package var isWritableByOthers: Bool { mode & 0o022 != 0 }

    /// Whether both are one file, whatever their names.
    package func isSame(as other: FileFacts) -> Bool {
        device == other.device && inode == other.inode
    }
}
