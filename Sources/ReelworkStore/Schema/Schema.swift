// SPDX-License-Identifier: Apache-2.0
// Reelwork: what marks a file as ours, and its versions

/// What marks a file as ours, and the steps from an empty file to the newest version.
///
/// A released step is never changed: a change of the schema is a new step with the next number.
package enum Schema {
    /// Written into the file's header (`PRAGMA application_id`): the letters `Reel`.
    package static let applicationID: Int64 = 0x5265_656C

    /// Every step, in order.
    package static let migrations: [SchemaMigration] = [.version1, .version2]
}
