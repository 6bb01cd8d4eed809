// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a pool of lines is kept

/// Where a pool of lines is kept; the place is used again once nothing needs the pool.
struct PoolIndex: Hashable, Sendable {
    var value: Int32
}
