// SPDX-License-Identifier: Apache-2.0
// Reelwork: files and sockets that a server needs.

internal import CReelworkSystem
internal import ReelworkCore

/// What a server asks of the file system.
enum ServerFiles {
    /// Connections that the open-files limit leaves room for.
    ///
    /// A worker's connection holds a second descriptor, its pidfd: hence the half.
    static var connectionsMax: Int {
        var now: UInt64 = 0
        guard reelwork_open_files_raise(UInt64(Limits.connectionsMax) * 2 + 256, &now) >= 0 else {
            return Limits.connectionsUnauthenticatedMax
        }
        let room = Int(clamping: now) - 256
        return min(max(room / 2, 16), Limits.connectionsMax)
    }
}
