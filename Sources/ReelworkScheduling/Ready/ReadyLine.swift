// SPDX-License-Identifier: Apache-2.0
// Reelwork: one tenant's jobs that wait for the same workers

import HeapModule
import ReelworkCore

/// The jobs of one tenant in one pool, by rank.
///
/// It is dropped with its last waiting job.
struct ReadyLine: Sendable {
    let pool: PoolIndex
    let tenant: TenantIndex
    /// Where it stands in the list of its tenant's lines.
    var tenantPlace: Int
    /// Its jobs; some entries may be stale.
    var entries = Heap<ReadyEntry>()
    /// Jobs that wait in it.
    var waiting = 0
    /// The one place of it in its pool that counts; nil where it has none.
    var listed: LineCandidate?
    /// Its tenant has all that it may have: the line stands in no pool until that changes.
    var isBenched = false

    /// More than half of its entries are stale, and it is worth dropping them.
    var isMostlyStale: Bool { entries.count > 2 * waiting + ReadyLine.staleFree }

    /// Stale entries that are left where they are.
    private static let staleFree = 64
}
