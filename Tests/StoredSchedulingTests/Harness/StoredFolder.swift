// SPDX-License-Identifier: Apache-2.0
// Reelwork: a data folder for a test

import Foundation
import ReelworkCore
import ReelworkStore

/// A data folder for a test; it goes with this value.
final class StoredFolder: Sendable {
    let path = NSTemporaryDirectory() + "reelwork-stored-\(UUID().uuidString)"

    var database: String { path + "/reelwork.db" }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func open(
        _ configure: (inout SQLiteStoreConfiguration) -> Void = { _ in }
    ) throws(StoreError) -> SQLiteJobStore {
        var configuration = SQLiteStoreConfiguration()
        configuration.isCheckingReferences = true
        configure(&configuration)
        return try SQLiteJobStore(folder: path, configuration: configuration)
    }
}
