// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an attempt was handed back

/// Why a worker hands an attempt back without a failure.
public enum ReleaseReason: UInt8, CaseIterable, Hashable, Sendable {
    /// It was never started.
    case notStarted = 1
    /// The worker drains.
    case draining = 2
    /// The scheduler revoked it.
    case revoked = 3
    /// Its encoder was lost with an earlier life of the agent.
    case childLost = 4
    /// The lease ended before it started.
    case leaseLost = 5

    /// The reason in words.
    public var words: String {
        switch self {
        case .notStarted: "not started"
        case .draining: "worker drains"
        case .revoked: "revoked"
        case .childLost: "encoder lost"
        case .leaseLost: "lease lost"
        }
    }
}
