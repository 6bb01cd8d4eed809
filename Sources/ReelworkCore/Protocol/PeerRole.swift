// SPDX-License-Identifier: Apache-2.0
// Reelwork: the roles of a connection

/// The message family that a client speaks on a connection.
public enum PeerRole: UInt8, CaseIterable, Hashable, Sendable {
    /// An agent that runs jobs.
    case worker = 1
    /// Whoever submits, reads and cancels.
    case submitter = 2
    /// An administrator, on the admin socket.
    case admin = 3
}
