// SPDX-License-Identifier: Apache-2.0
// Reelwork: the data folder, held by one scheduler

import Foundation
import ReelworkCore

/// The data folder, made private and held by one scheduler at a time.
///
/// The lock is flock(2) on `reelwork.lock`: the kernel drops it when the process ends, however it
/// ends, and children do not inherit it. The file itself is never removed, for that would let two
/// processes hold two locks.
final class StoreFolder: Sendable {
    /// The folder's path.
    let path: String
    private let lock: Int32

    /// The database's path.
    var databasePath: String { path + "/reelwork.db" }

    /// Makes or checks the folder and takes its lock.
    init(_ path: String) throws(StoreError) {
        self.path = path
        try StoreFolder.prepare(path)
        lock = try StoreFolder.take(path + "/reelwork.lock")
    }

    deinit { StoreFolder.release(lock) }

    /// Makes the database's file where there is none, and both it and its log private; removes what
    /// a killed migration left of its copy.
    ///
    /// SQLite gives its log the file's own mode. Must not be called while the database is open:
    /// closing a descriptor of it would drop SQLite's locks.
    func prepareDatabase() throws(StoreError) {
        let file = open(databasePath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .unusable("cannot open \(databasePath): \(StoreFolder.reason()); check its owner")
        }
        let isOurs = isNewOrDatabase(file)
        close(file)
        guard isOurs else { throw .corrupt("\(databasePath) is no SQLite database") }
        for name in [databasePath, databasePath + "-wal", databasePath + "-shm"] {
            guard chmod(name, 0o600) == 0 || errno == ENOENT else {
                throw .unusable("cannot make \(name) private: \(StoreFolder.reason())")
            }
        }
        StoreBackup.sweep(path)
        try StoreFolder.sync(path)
    }

    /// Whether a file is empty or begins as SQLite's do (https://www.sqlite.org/fileformat2.html).
    ///
    /// SQLite itself takes a file shorter than its header for an empty one and would write over it.
    /// With a rollback journal beside it, the beginning may be half written and is SQLite's to
    /// mend.
    private func isNewOrDatabase(_ file: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        if count == 0 || access(databasePath + "-journal", F_OK) == 0 { return true }
        return count == bytes.count && bytes == Array("SQLite format 3\0".utf8)
    }

    /// Makes a folder's entries durable.
    static func sync(_ path: String) throws(StoreError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .failed("cannot open \(path): \(reason())") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .failed("cannot sync \(path): \(reason())") }
    }

    /// The words for `errno`.
    static func reason() -> String { String(cString: strerror(errno)) }

    // MARK: - Steps

    private static func prepare(_ path: String) throws(StoreError) {
        var status = stat()
        if stat(path, &status) != 0 {
            do {
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw .unusable(
                    "cannot make the data folder \(path): \(error.localizedDescription); "
                        + "name another with --data or make it"
                )
            }
            try sync((path as NSString).deletingLastPathComponent)
            guard stat(path, &status) == 0 else {
                throw .unusable("cannot look at the data folder \(path): \(reason())")
            }
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .unusable("\(path) is no folder; name another with --data")
        }
        let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        if let mounts,
            let kind = MountTable(text: mounts).networkKind(device: UInt64(status.st_dev))
        {
            throw .unusable(
                "the data folder \(path) is on a network file system (\(kind)): locks cannot be "
                    + "trusted; name one on a local disk with --data"
            )
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw .unusable(
                "no permission to write in the data folder \(path): \(reason()); "
                    + "run as its owner (uid \(status.st_uid)) or name another with --data"
            )
        }
        try makePrivate(path, status)
    }

    /// Shuts others out of the folder, unless it is one that holds more than ours.
    private static func makePrivate(_ path: String, _ status: stat) throws(StoreError) {
        guard status.st_mode & 0o077 != 0 else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard names.allSatisfy({ $0.hasPrefix("reelwork") }) else {
            throw .unusable(
                "the data folder \(path) is open to others and holds other files; "
                    + "name an own folder with --data, or run: chmod 700 '\(path)'"
            )
        }
        guard chmod(path, 0o700) == 0 else {
            throw .unusable("cannot make the data folder \(path) private: \(reason())")
        }
    }

    private static func take(_ path: String) throws(StoreError) -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .unusable("cannot open \(path): \(reason()); check its owner and permissions")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            let holder = holder(of: file)
            close(file)
            guard cause == EWOULDBLOCK else {
                throw .unusable("cannot lock \(path): \(String(cString: strerror(cause)))")
            }
            throw inUse(path, holder)
        }
        let text = "\(getpid())\n"
        guard ftruncate(file, 0) == 0,
            text.withCString({ pwrite(file, $0, strlen($0), 0) }) == text.utf8.count
        else {
            let words = reason()
            close(file)
            throw .unusable("cannot write \(path): \(words)")
        }
        return file
    }

    /// Takes the lock of a folder that may not be there, and changes nothing; nil where there is
    /// nothing to lock.
    static func glance(_ path: String) throws(ImportError) -> Int32? {
        let name = path + "/reelwork.lock"
        let file = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            let words = "cannot open \(name): \(reason())"
            throw errno == EACCES
                ? .store(.unusable("\(words); run as its owner"))
                : .store(.unusable("\(words); name another folder with --data"))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let holder = holder(of: file)
            close(file)
            throw .store(inUse(name, holder))
        }
        return file
    }

    /// Gives a lock up at once: a child that is between fork(2) and exec(2) has the descriptor too,
    /// and would hold the lock until it closes it.
    static func release(_ lock: Int32) {
        flock(lock, LOCK_UN)
        close(lock)
    }

    private static func inUse(_ path: String, _ holder: String) -> StoreError {
        .inUse(
            "another scheduler\(holder) uses this data folder, as \(path) says; "
                + "stop it first, or name another folder with --data"
        )
    }

    /// The process id that the holder of the lock wrote, in words; empty where it cannot be read.
    private static func holder(of file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return "" }
        let digits = bytes.prefix(count).prefix { (48...57).contains($0) }
        return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
    }
}
