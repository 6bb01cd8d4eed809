// SPDX-License-Identifier: Apache-2.0
// Reelwork: size and checksum of a whole file

import CChecksum
import Foundation

/// Size and CRC-32C of a whole file.
struct FileSum: Hashable, Sendable {
    /// Its size in bytes.
    var size: UInt64
    /// CRC-32C (RFC 3720, appendix B.4).
    var checksum: UInt32

    /// Reads a regular file from start to end, synced to disk first where that is asked for
    /// (fsync(2)); a symbolic link in the last place is refused.
    static func read(_ path: String, isSynced: Bool = false) throws(FileError) -> FileSum {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw FileError("open", path, errno) }
        defer { close(file) }
        if isSynced, fsync(file) != 0 { throw FileError("fsync", path, errno) }
        var sum = FileSum(size: 0, checksum: 0)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("read", path, errno) }
            guard count > 0 else { return sum }
            sum.checksum = reelwork_crc32c(sum.checksum, piece, count)
            sum.size += UInt64(count)
        }
    }

    /// The sum of bytes in memory.
    static func checksum(of bytes: [UInt8]) -> UInt32 { reelwork_crc32c(0, bytes, bytes.count) }
}
