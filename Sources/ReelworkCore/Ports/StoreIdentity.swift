// SPDX-License-Identifier: Apache-2.0
// Reelwork: which store this is

/// Which store this is.
public struct StoreIdentity: Hashable, Sendable {
    /// Made at random when the store was created; workers show it in their logs.
    public var cluster: JobID
    /// Rises with each restore from a backup, not with a restart.
    public var epoch: UInt64
    /// The engine and its version, for people: `SQLite 3.40.1`.
    public var engine: String
    /// What is wrong with that version, if anything.
    public var warning: String?

    /// Makes an identity.
    public init(cluster: JobID, epoch: UInt64, engine: String, warning: String? = nil) {
        self.cluster = cluster
        self.epoch = epoch
        self.engine = engine
        self.warning = warning
    }
}
