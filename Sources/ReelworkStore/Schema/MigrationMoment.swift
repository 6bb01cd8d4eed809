// SPDX-License-Identifier: Apache-2.0
// Reelwork: the moments of a migration

/// The moments of a migration at which a process may end, in their order.
package enum MigrationMoment: Hashable, Sendable {
    /// Nothing was done yet.
    case begun
    /// The copy is begun: its part is there, and empty.
    case partMade
    /// The copy is written, and not yet synced and named.
    case partWritten
    /// The copy is whole and has its name.
    case copied
    /// The transaction has run so many statements of the steps; 0 before the first.
    case ran(Int)
    /// Everything is written, and nothing committed.
    case written
    /// Committed.
    case committed
}
