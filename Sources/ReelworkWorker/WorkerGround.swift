// SPDX-License-Identifier: Apache-2.0
// Reelwork: what stands when a worker begins

import CReelworkSystem
import Foundation

/// What stands when a worker begins: its folder, locked and tidied up.
///
/// Making it blocks.
struct WorkerGround: Sendable {
    let roots: [String]
    let ledger: Ledger
    let remains: Ledger.Remains
    let spool: Spool
    let spooled: Spool.Contents
    private let lock: Int32

    init(_ configuration: WorkerConfiguration, _ folder: StateFolder) throws(WorkerError) {
        roots = try WorkerGround.roots(configuration.roots)
        do throws(FileError) {
            try FileCalls.makeFolders(folder.path)
        } catch {
            throw WorkerGround.failure(folder, error)
        }
        lock = try WorkerGround.lock(folder, configuration.name)
        do throws(FileError) {
            (ledger, remains) = try Ledger.open(in: folder)
            spool = try Spool(in: folder)
            spooled = try spool.load()
        } catch {
            close(lock)
            throw WorkerGround.failure(folder, error)
        }
    }

    /// Lets the next worker in.
    func leave() { close(lock) }

    private static func failure(_ folder: StateFolder, _ error: FileError) -> WorkerError {
        WorkerError(
            .folder,
            "the worker's folder \(folder.path) cannot be used: \(error); "
                + "choose another with --scratch"
        )
    }

    private static func lock(
        _ folder: StateFolder,
        _ name: String
    ) throws(WorkerError) -> Int32 {
        var holder: Int32 = 0
        let lock = reelwork_pid_file_lock(folder.lock, &holder)
        guard lock < 0 else { return lock }
        guard lock == -EWOULDBLOCK else {
            throw failure(folder, FileError("lock", folder.lock, -lock))
        }
        throw WorkerError(
            .alreadyRunning,
            "a worker named \(name) runs here already, process \(holder); stop it, or give "
                + "another --name or --scratch"
        )
    }

    /// The folders that jobs may use, with their links resolved.
    private static func roots(_ paths: [String]) throws(WorkerError) -> [String] {
        var roots: [String] = []
        for path in paths {
            do throws(FileError) {
                roots.append(try FileCalls.realPath(path))
            } catch {
                throw WorkerError(.invalid, "--root \(path) cannot be used: \(error.reason)")
            }
        }
        return roots
    }
}
