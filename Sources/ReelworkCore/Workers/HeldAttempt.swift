// SPDX-License-Identifier: Apache-2.0
// Reelwork: an attempt that a worker holds

/// An attempt that a worker holds, as it says when it registers or is asked for its inventory.
public struct HeldAttempt: Hashable, Sendable {
    /// How far the attempt has come.
    public enum Phase: UInt8, CaseIterable, Hashable, Sendable {
        /// Received, not started.
        case assigned = 1
        /// Its encoder runs.
        case running = 2
        /// Encoded and verified; it waits for the grant.
        case encoded = 3
        /// It may publish.
        case granted = 4
        /// Its film stands at the output; not reported yet.
        case published = 5
        /// It failed; not reported yet.
        case failed = 6
    }

    /// The job's universal id.
    public var id: JobID
    /// The attempt.
    public var attempt: AttemptNumber
    /// How far it has come.
    public var phase: OpenEnum<Phase>
    /// The devices that its assignment named.
    public var devices: [ResourceAmount]

    /// Makes a note of a held attempt.
    public init(
        id: JobID,
        attempt: AttemptNumber,
        phase: OpenEnum<Phase>,
        devices: [ResourceAmount] = []
    ) {
        self.id = id
        self.attempt = attempt
        self.phase = phase
        self.devices = devices
    }
}
