// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker as stored

/// A worker as stored: what a scheduler must know of it after a start.
public struct WorkerRow: Hashable, Sendable {
    /// What it said of itself when it registered last.
    public var registration: WorkerRegistration
    /// When it registered first.
    public var registered: Timestamp
    /// Whether an admin told it to drain.
    public var isDraining: Bool
    /// When what it then still holds is handed back; nil where it may end all it has.
    public var drainUntil: Timestamp?
    /// Why it gets nothing more; nil where it may.
    public var cordon: Cordon?

    /// Makes a row.
    public init(
        registration: WorkerRegistration,
        registered: Timestamp,
        isDraining: Bool = false,
        drainUntil: Timestamp? = nil,
        cordon: Cordon? = nil
    ) {
        self.registration = registration
        self.registered = registered
        self.isDraining = isDraining
        self.drainUntil = drainUntil
        self.cordon = cordon
    }
}
