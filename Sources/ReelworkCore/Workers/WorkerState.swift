// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether a worker lives

/// Whether a worker lives, as far as the scheduler can tell.
public enum WorkerState: UInt8, CaseIterable, Hashable, Sendable {
    /// It was heard of within its lease.
    case alive = 1
    /// Its connection ended without farewell; its lease still runs.
    case suspect = 2
    /// Its process is gone or its lease is over.
    ///
    /// Only death moves jobs.
    case dead = 3

    /// The name in JSON and metrics.
    public var name: String {
        switch self {
        case .alive: "alive"
        case .suspect: "suspect"
        case .dead: "dead"
        }
    }
}
