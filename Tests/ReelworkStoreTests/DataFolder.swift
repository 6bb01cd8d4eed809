// SPDX-License-Identifier: Apache-2.0
// Reelwork: a data folder for a test

import Foundation
import GRDBSQLite
import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import StoreTestKit

/// A data folder for a test; it goes with this value.
final class DataFolder: Sendable {
    let path: String
    var database: String { path + "/reelwork.db" }

    init() {
        path = NSTemporaryDirectory() + "reelwork-\(UUID().uuidString)"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Opens the store.
    func open(
        _ configure: (inout SQLiteStoreConfiguration) -> Void = { _ in }
    ) throws(StoreError) -> SQLiteJobStore {
        try DataFolder.open(path, configure)
    }

    /// Opens the store in a folder by its path, as a child process must.
    static func open(
        _ path: String,
        _ configure: (inout SQLiteStoreConfiguration) -> Void = { _ in }
    ) throws(StoreError) -> SQLiteJobStore {
        var configuration = SQLiteStoreConfiguration()
        configuration.isCheckingReferences = true
        configure(&configuration)
        return try SQLiteJobStore(folder: path, configuration: configuration)
    }

    /// Runs SQL on a connection of its own; only while no store is open on the file.
    func plant(_ sql: String) throws {
        try RawConnection(database).run(sql)
    }

    /// Permission bits and size of a file.
    static func status(_ path: String) throws -> (mode: Int, size: Int) {
        let found = try FileManager.default.attributesOfItem(atPath: path)
        let mode = found[.posixPermissions] as? NSNumber
        let size = found[.size] as? NSNumber
        return (mode?.intValue ?? -1, size?.intValue ?? -1)
    }
}

extension SQLiteJobStore {
    /// Applies what the closure writes, as one batch.
    func write(_ body: (inout StoreBatch) throws -> Void) throws {
        var batch = StoreBatch()
        try body(&batch)
        try apply(batch)
    }

    /// Submits one job.
    @discardableResult
    func submit(_ number: UInt64, spec: [UInt8] = [1]) throws -> JobLife {
        var life = JobLife(number, spec: spec)
        try write { life.submit(into: &$0) }
        return life
    }
}
