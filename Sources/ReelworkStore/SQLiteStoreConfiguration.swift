// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a store is opened

import ReelworkCore

/// How a store is opened; the defaults are those of the product.
package struct SQLiteStoreConfiguration: Sendable {
    /// A database locked by another process is tried again for this long.
    package var lockWait: Duration = Limits.storeLockWait
    /// Connections for reading at most.
    package var readersMax: Int = Limits.storeReadersMax
    /// Memory for pages a connection.
    package var cacheBytes: Int = Limits.storeCacheBytes
    /// Write-ahead log beyond which ``SQLiteJobStore/checkpoint(isFinal:)`` does something.
    package var walBytesCheckpoint: Int = Limits.walBytesCheckpoint
    /// Pages that the file may have; nil for no limit but the disk's.
    ///
    /// Tests set it to see a full disk.
    package var pagesMax: Int?
    /// Whether SQLite checks references between tables at each write.
    ///
    /// Tests do; the product relies on ``StoreBatch/changes()`` and the check `orphans`.
    package var isCheckingReferences = false
    /// The steps from an empty file to the newest schema.
    package var migrations: [SchemaMigration] = Schema.migrations
    /// Hears of each moment of a migration; nil in the product.
    ///
    /// Tests end the process in it.
    package var migrationWatch: (@Sendable (MigrationMoment) -> Void)?

    /// Makes the product's configuration.
    package init() {}
}
