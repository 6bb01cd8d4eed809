// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job as stored

/// A job as stored.
public struct StoredJob: Hashable, Sendable {
    /// What never changes.
    public var insert: JobInsert
    /// How it stands.
    public var row: JobRow
    /// Every grant it was given, the earliest first.
    public var grants: [Grant]

    /// Makes a stored job.
    public init(insert: JobInsert, row: JobRow, grants: [Grant] = []) {
        self.insert = insert
        self.row = row
        self.grants = grants
    }
}
