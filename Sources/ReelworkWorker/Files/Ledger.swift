// SPDX-License-Identifier: Apache-2.0
// Reelwork: the ledger of children

import Foundation
import ReelworkCore
import Synchronization

/// The ledger of children: what a worker has started and made, so that its next life can end and
/// remove it.
///
/// An append-only file of lines (``LedgerRecord``), each synced before what it tells of counts on
/// it. It is begun anew at each start, after the remains of the earlier life were dealt with, and
/// written anew without what is closed when it has grown; no child is ever adopted.
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

    /// How the ledger writes; the tests let it find a full disk.
    typealias Write = @Sendable (_ bytes: [UInt8], _ file: Int32) throws(FileError) -> Void

    private struct State {
        var file: Int32
        var entries: LedgerEntries
        /// What the file holds, torn records included.
        var size: Int
        /// From here on it is written anew.
        var sizeMax: Int
        /// A new file took the old one's place, and that is not durable yet.
        var isFolderUnsynced = false
    }

    private let folder: String
    private let write: Write
    private let state: Mutex<State>

    /// How long a killed process may take to be gone.
    private static let killWait = Duration.seconds(2)
    private static let name = "ledger"
    /// A ledger has a few lines for each run; one that is larger than this is damaged.
    private static let bytesMax = 64 << 20

    /// Deals with what an earlier life has left, and begins a new ledger.
    ///
    /// - Parameter folder: where the worker keeps its files.
    /// - Returns: the ledger, and what was found.
    /// - Throws: ``FileError`` where the ledger cannot be read or written.
    package static func open(in folder: StateFolder) throws(FileError) -> (Ledger, Remains) {
        try open(in: folder) { bytes, file throws(FileError) in
            try FileCalls.write(bytes, to: file, path: folder.ledger)
        }
    }

    static func open(
        in folder: StateFolder,
        write: @escaping Write
    ) throws(FileError) -> (Ledger, Remains) {
        var bytes: [UInt8] = []
        do throws(FileError) {
            bytes = try FileCalls.read(folder.ledger, bytesMax: bytesMax)
        } catch {
            guard error.code == ENOENT else { throw error }
        }
        var remains = sweep(bytes, folder)
        sweepUnknown(in: folder, &remains)
        return (try Ledger(folder.path, write), remains)
    }

    private init(_ folder: String, _ write: @escaping Write) throws(FileError) {
        var entries = LedgerEntries()
        entries.take(.boot(ProcessIdentity.bootID()))
        let bytes = entries.records.flatMap(\.bytes)
        let file = try FileCalls.writeBeside(Ledger.name, in: folder, bytes, by: write)
        do throws(FileError) {
            try FileCalls.moveFromBeside(Ledger.name, in: folder)
            try FileCalls.sync(folder: folder)
        } catch {
            Glibc.close(file)
            throw error
        }
        self.folder = folder
        self.write = write
        state = Mutex(
            State(
                file: file,
                entries: entries,
                size: bytes.count,
                sizeMax: Limits.ledgerBytesCompact
            )
        )
    }

    deinit {
        state.withLock { _ = Glibc.close($0.file) }
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
        let (write, folder) = (write, folder)
        let result = state.withLock { state in
            Result<Void, FileError> { () throws(FileError) in
                // Known from here on, whether or not the disk has room to say so: a ledger that is
                // written anew tells what is true.
                state.entries.take(record)
                if state.size >= state.sizeMax { Ledger.compact(&state, folder, write) }
                let bytes = record.bytes
                // A part of it may be there though it failed.
                state.size += bytes.count
                try write(bytes, state.file)
                if isSynced { try Ledger.sync(&state, folder) }
            }
        }
        try result.get()
    }

    private static func sync(_ state: inout State, _ folder: String) throws(FileError) {
        guard fdatasync(state.file) == 0 else {
            throw FileError("fsync", folder + "/" + name, errno)
        }
        guard state.isFolderUnsynced else { return }
        try FileCalls.sync(folder: folder)
        state.isFolderUnsynced = false
    }

    /// Writes the ledger anew, without what is closed.
    ///
    /// A crash leaves the old one or the new one, each whole. Where there is no room the old one
    /// goes on.
    private static func compact(_ state: inout State, _ folder: String, _ write: Write) {
        let bytes = state.entries.records.flatMap(\.bytes)
        do throws(FileError) {
            let file = try FileCalls.writeBeside(name, in: folder, bytes, by: write)
            do throws(FileError) {
                try FileCalls.moveFromBeside(name, in: folder)
            } catch {
                Glibc.close(file)
                throw error
            }
            Glibc.close(state.file)
            state.file = file
            state.size = bytes.count
            // Until that is durable, a crash brings the old file back: no record counts before.
            state.isFolderUnsynced = true
        } catch {
            // Tried again when it has grown as much again.
        }
        state.sizeMax = max(Limits.ledgerBytesCompact, 2 * state.size)
    }

    // MARK: - The remains of an earlier life

    private static func sweep(_ bytes: [UInt8], _ folder: StateFolder) -> Remains {
        let (found, damaged) = LedgerEntries.read(bytes)
        var remains = Remains(damaged: damaged)
        if found.boot == ProcessIdentity.bootID() {
            for entry in found.entries {
                // The helper takes its encoder with it; the group is for what it left behind.
                if entry.encoder?.kill(withGroup: true, wait: killWait) == true {
                    remains.killed += 1
                }
                if entry.helper?.kill(withGroup: false, wait: killWait) == true {
                    remains.killed += 1
                }
            }
        }
        // Where helper and encoder are gone, nothing leads to what the encoder has started; of
        // probes there is no record at all.
        remains.killed += Stragglers.kill(
            folders: found.entries.map(\.scratch) + [folder.probe],
            below: [folder.attempts, folder.probe],
            wait: killWait
        )
        for entry in found.entries {
            let key = entry.key
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
