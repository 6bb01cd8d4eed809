// SPDX-License-Identifier: Apache-2.0
// Reelwork: a consistent copy of the live file

import Foundation
import GRDB
import ReelworkCore

/// A consistent copy of the live file, made by SQLite itself and whole or not there.
enum StoreBackup {
    /// Writes a copy to a new file, private and synced, and returns its size in bytes.
    ///
    /// It is written beside its place and linked there at the end, so that a file of that name is
    /// always a whole copy and never replaces another.
    static func write(
        to path: String,
        from database: Database,
        watch: ((MigrationMoment) -> Void)? = nil
    ) throws -> UInt64 {
        let part = path + partMark + "\(getpid())"
        unlink(part)
        sweepParts(of: path)
        let made = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard made >= 0 else {
            throw StoreError.unusable("cannot write \(part): \(StoreFolder.reason())")
        }
        close(made)
        defer { unlink(part) }
        var status = stat()
        guard lstat(path, &status) != 0 else { throw exists(path) }
        watch?(.partMade)
        try database.execute(sql: "VACUUM INTO ?", arguments: [part])
        watch?(.partWritten)
        let size = try sync(part)
        guard link(part, path) == 0 else {
            if errno == EEXIST { throw exists(path) }
            throw StoreError.unusable("cannot name the copy \(path): \(StoreFolder.reason())")
        }
        let folder = (path as NSString).deletingLastPathComponent
        try StoreFolder.sync(folder.isEmpty ? "." : folder)
        return size
    }

    /// Removes what killed processes left of copies in a folder; only for the holder of its lock,
    /// whose own copies are not begun yet.
    ///
    /// Only copies of migrations: a backup may be on its way from another folder's scheduler.
    static func sweep(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(copyPrefix) && name.contains(".db" + partMark) {
            unlink(folder + "/" + name)
        }
    }

    /// Removes the parts of a copy whose processes are gone.
    private static func sweepParts(of path: String) {
        let folder = (path as NSString).deletingLastPathComponent
        let mark = (path as NSString).lastPathComponent + partMark
        let place = folder.isEmpty ? "." : folder
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        where name.hasPrefix(mark) {
            let digits = name.dropFirst(mark.count).prefix { $0.isNumber }
            guard let process = pid_t(digits), process > 0, kill(process, 0) != 0, errno == ESRCH
            else { continue }
            unlink(place + "/" + name)
        }
    }

    /// What the name of a migration's copy begins with.
    static let copyPrefix = "reelwork-schema"
    /// What stands between the name of a copy and the process that writes it.
    private static let partMark = ".part-"

    private static func exists(_ path: String) -> StoreError {
        .unusable("\(path) is there already; name a new file")
    }

    private static func sync(_ path: String) throws -> UInt64 {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw StoreError.unusable("cannot open \(path): \(StoreFolder.reason())")
        }
        defer { close(file) }
        var status = stat()
        guard fsync(file) == 0, fstat(file, &status) == 0 else {
            throw StoreError.unusable("cannot sync \(path): \(StoreFolder.reason())")
        }
        return UInt64(clamping: status.st_size)
    }
}
