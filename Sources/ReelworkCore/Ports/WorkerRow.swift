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

    /// Makes a row.
    public init(registration: WorkerRegistration, registered: Timestamp, isDraining: Bool = false) {
        self.registration = registration
        self.registered = registered
        self.isDraining = isDraining
    }
}
