// SPDX-License-Identifier: Apache-2.0
// Reelwork: one step from a schema version to the next

/// One step from a schema version to the next.
package struct SchemaMigration: Hashable, Sendable {
    /// The version that it leads to; the one before is the one it starts from.
    package var version: Int
    /// The statements, run in one transaction with all other pending steps.
    package var sql: String

    /// Makes a step.
    package init(version: Int, sql: String) {
        self.version = version
        self.sql = sql
    }
}
