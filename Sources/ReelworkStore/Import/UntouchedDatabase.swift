// SPDX-License-Identifier: Apache-2.0
// Reelwork: an SQLite file that is read and never changed

import CSQLiteShim
import Foundation
import GRDB
import GRDBSQLite

/// An SQLite file that is read and never changed: not its bytes, not its times, no file beside it.
///
/// Even a reader of SQLite may write: it makes the index of a write-ahead log, and rolls back what
/// a killed writer left. So the file is opened as immutable
/// (https://www.sqlite.org/uri.html#uriimmutable); where a log or journal with content lies beside
/// it, a copy of all of them in a temporary folder is opened instead.
final class UntouchedDatabase {
    /// What shows that somebody has written.
    private struct Stamp: Equatable {
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        var inode: UInt
    }

    /// The path as it was named, for messages.
    let path: String
    private let place: String
    private let stamps: [Stamp?]
    private let copy: String?
    private let queue: DatabaseQueue

    /// Opens a file; `advice` tells what to name instead of one that cannot be used.
    init(_ path: String, advice: String) throws(ImportError) {
        self.path = path
        guard let real = realpath(path, nil) else {
            let words = "cannot open \(path): \(StoreFolder.reason())"
            if errno == EACCES { throw .denied("\(words); run as the file's owner") }
            throw .missing("\(words); \(advice)")
        }
        defer { free(real) }
        place = String(cString: real)
        try UntouchedDatabase.look(path, place, advice)
        stamps = UntouchedDatabase.stamps(place)
        let isWhole = stamps.dropFirst().allSatisfy { ($0?.size ?? 0) == 0 }
        if isWhole, sqlite3_compileoption_used("USE_URI") != 0 {
            copy = nil
        } else {
            copy = try UntouchedDatabase.copied(place)
        }
        do {
            queue = try UntouchedDatabase.open(place, copy)
        } catch {
            if let copy { try? FileManager.default.removeItem(atPath: copy) }
            throw UntouchedDatabase.failure(error, path)
        }
    }

    deinit {
        try? queue.close()
        if let copy { try? FileManager.default.removeItem(atPath: copy) }
    }

    /// Whether nobody has written to the file since it was opened.
    var isUnchanged: Bool { UntouchedDatabase.stamps(place) == stamps }

    /// Reads; what SQLite throws is told as the file's fault, what the body throws as its own.
    func read<Value>(_ body: (Database) throws -> Value) throws(ImportError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw UntouchedDatabase.failure(error, path)
        }
    }

    // MARK: - Steps

    private static func failure(_ error: any Error, _ path: String) -> ImportError {
        switch error {
        case let error as ImportError: return error
        case let error as SQLiteFailure:
            return .source("\(path) cannot be read: \(error.message); \(adviceDamaged)")
        case let error as DatabaseError:
            return .source(
                "\(path) cannot be read: \(error.message ?? "SQLite \(error.resultCode)"); "
                    + adviceDamaged
            )
        default: return .source("\(path) cannot be read: \(error); \(adviceDamaged)")
        }
    }

    private static let adviceDamaged = "mend it with `sqlite3 FILE .recover`, or restore a backup"

    /// Refuses what is no database, and one that another program holds.
    private static func look(
        _ path: String,
        _ place: String,
        _ advice: String
    ) throws(ImportError) {
        let file = Glibc.open(place, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            throw .denied("cannot open \(path): \(StoreFolder.reason()); run as the file's owner")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .source("\(path) is no file; \(advice)")
        }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard pread(file, &bytes, bytes.count, 0) == bytes.count,
            bytes == Array("SQLite format 3\0".utf8)
        else { throw .source("\(path) is no SQLite database; \(advice)") }
        // A connection in WAL mode holds a lock as long as it is open, others while they write
        // (https://www.sqlite.org/lockingv3.html): the bytes from 1 GiB on, 512 of them.
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 0x4000_0000
        lock.l_len = 512
        if fcntl(file, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) {
            throw .source(
                "another program (process \(lock.l_pid)) has \(path) open; stop it first: what it "
                    + "still writes would be missed"
            )
        }
    }

    /// The file and what SQLite keeps beside it.
    private static func files(_ place: String) -> [String] {
        [place, place + "-wal", place + "-journal"]
    }

    private static func stamps(_ place: String) -> [Stamp?] {
        files(place).map { name in
            var status = stat()
            guard stat(name, &status) == 0 else { return nil }
            return Stamp(
                size: Int(status.st_size),
                seconds: status.st_mtim.tv_sec,
                nanoseconds: status.st_mtim.tv_nsec,
                inode: status.st_ino
            )
        }
    }

    /// Copies the file with what lies beside it into a folder of its own.
    private static func copied(_ place: String) throws(ImportError) -> String {
        let folder = NSTemporaryDirectory() + "reelwork-import-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            for (name, end) in zip(files(place), ["", "-wal", "-journal"])
            where access(name, F_OK) == 0 {
                try FileManager.default.copyItem(atPath: name, toPath: folder + "/copy.db" + end)
            }
            return folder
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw .source(
                "cannot copy \(place), whose log is not empty, to \(folder): "
                    + "\(error.localizedDescription); name a folder with room in TMPDIR"
            )
        }
    }

    private static func open(_ place: String, _ copy: String?) throws -> DatabaseQueue {
        var settings = Configuration()
        settings.label = "reelwork.import"
        settings.readonly = copy == nil
        settings.prepareDatabase { database in
            let handle = database.sqliteConnection.map { UnsafeMutableRawPointer($0) }
            let code = reelwork_sqlite_harden(handle)
            guard code == SQLITE_OK else {
                throw SQLiteFailure(code: code, message: "the connection cannot be hardened")
            }
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        if let copy { return try DatabaseQueue(path: copy + "/copy.db", configuration: settings) }
        let path = place.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? place
        return try DatabaseQueue(path: "file:\(path)?immutable=1", configuration: settings)
    }
}
