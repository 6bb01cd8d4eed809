// SPDX-License-Identifier: Apache-2.0
// Reelwork: the ledger of children

import Foundation
import Synchronization

/// The ledger of children: what a worker has started and made, so that its next life can end and
/// remove it.
///
/// An append-only file of lines (``LedgerRecord``), each synced before what it tells of counts on
/// it. It is begun anew at each start, after the remains of the earlier life were dealt with; no
/// child is ever adopted.
package final class Ledger: Sendable {
    /// What was left over by an earlier life, and what was done about it.
    package struct Remains: Hashable, Sendable {
        /// Processes that were killed.
        package var killed = 0
        /// Attempts whose parts and folders were removed.
        package var swept: [AttemptKey] = []
        /// Lines that could not be read.
        package var damaged = 0
        /// What could not be removed, and why.
        package var problems: [String] = []
    }

    /// What is known of one run.
    private struct Entry {
        var part: String
        var scratch: String
        var helper: ProcessIdentity?
        var encoder: ProcessIdentity?
    }

    private let path: String
    private let file: Mutex<Int32>

    /// How long a killed process may take to be gone.
    private static let killWait = Duration.seconds(2)
    /// A ledger has a few lines for each run; one that is larger than this is damaged.
    private static let bytesMax = 64 << 20

    /// Deals with what an earlier life has left, and begins a new ledger.
    ///
    /// - Parameter folder: where the worker keeps its files.
    /// - Returns: the ledger, and what was found.
    /// - Throws: ``FileError`` where the ledger cannot be read or written.
    package static func open(
        in folder: StateFolder
    ) throws(FileError) -> (Ledger, Remains) {
        var bytes: [UInt8] = []
        do throws(FileError) {
            bytes = try FileCalls.read(folder.ledger, bytesMax: bytesMax)
        } catch {
            guard error.code == ENOENT else { throw error }
        }
        var remains = sweep(bytes)
        sweepUnknown(in: folder, &remains)
        try FileCalls.replace(
            "ledger",
            in: folder.path,
            with: LedgerRecord.boot(ProcessIdentity.bootID()).line
        )
        let file = Glibc.open(folder.ledger, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw FileError("open", folder.ledger, errno) }
        return (Ledger(path: folder.ledger, file: file), remains)
    }

    private init(path: String, file: Int32) {
        self.path = path
        self.file = Mutex(file)
    }

    deinit {
        file.withLock { _ = Glibc.close($0) }
    }

    /// Notes what a run is about to make; synced when it returns.
    package func open(
        _ key: AttemptKey,
        part: String,
        scratch: String
    ) throws(FileError) {
        try add(.open(key, part: part, scratch: scratch), isSynced: true)
    }

    /// Notes a started command; synced when it returns.
    ///
    /// A process that is gone already needs no note.
    package func child(_ key: AttemptKey, helper: Int32, encoder: Int32) throws(FileError) {
        guard let first = ProcessIdentity(running: helper),
            let second = ProcessIdentity(running: encoder)
        else { return }
        try add(.child(key, helper: first, encoder: second), isSynced: true)
    }

    /// Notes that nothing of a run is left.
    package func close(_ key: AttemptKey) throws(FileError) {
        try add(.close(key), isSynced: false)
    }

    private func add(_ record: LedgerRecord, isSynced: Bool) throws(FileError) {
        let path = path
        let result = file.withLock { file in
            Result<Void, FileError> { () throws(FileError) in
                try FileCalls.write(record.line, to: file, path: path)
                if isSynced, fdatasync(file) != 0 { throw FileError("fsync", path, errno) }
            }
        }
        try result.get()
    }

    // MARK: - The remains of an earlier life

    private static func sweep(_ bytes: [UInt8]) -> Remains {
        var remains = Remains()
        var entries: [(key: AttemptKey, entry: Entry)] = []
        var isThisBoot = false
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let record = LedgerRecord(line: line) else {
                remains.damaged += 1
                continue
            }
            switch record {
            case .boot(let id): isThisBoot = id == ProcessIdentity.bootID()
            case .open(let key, let part, let scratch):
                entries.append((key, Entry(part: part, scratch: scratch)))
            case .child(let key, let helper, let encoder):
                guard let index = entries.lastIndex(where: { $0.key == key }) else { continue }
                entries[index].entry.helper = helper
                entries[index].entry.encoder = encoder
            case .close(let key): entries.removeAll { $0.key == key }
            }
        }
        for (key, entry) in entries {
            if isThisBoot {
                // The helper takes its encoder with it; the group is for what it left behind.
                if entry.encoder?.kill(withGroup: true, wait: killWait) == true {
                    remains.killed += 1
                }
                if entry.helper?.kill(withGroup: false, wait: killWait) == true {
                    remains.killed += 1
                }
            }
            remains.swept.append(key)
            remove(&remains) { () throws(FileError) in try removePart(entry.part, of: key) }
            remove(&remains) { () throws(FileError) in try FileCalls.removeTree(entry.scratch) }
        }
        return remains
    }

    /// A damaged ledger may have lost names; those of scratch folders can be read off the disk.
    private static func sweepUnknown(in folder: StateFolder, _ remains: inout Remains) {
        for name in (try? FileCalls.names(in: folder.attempts)) ?? [] {
            remove(&remains) { () throws(FileError) in
                try FileCalls.removeTree(folder.attempts + "/" + name)
            }
        }
    }

    /// Removes a part, and nothing whose name is not one.
    private static func removePart(_ path: String, of key: AttemptKey) throws(FileError) {
        guard path.hasSuffix("/" + PartName(key).text) else { return }
        try FileCalls.remove(path)
    }

    private static func remove(
        _ remains: inout Remains,
        _ body: () throws(FileError) -> Void
    ) {
        do throws(FileError) {
            try body()
        } catch {
            remains.problems.append("\(error)")
        }
    }
}
