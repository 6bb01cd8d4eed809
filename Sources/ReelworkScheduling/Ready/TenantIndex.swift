// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a tenant is interned

/// Where a tenant is interned.
struct TenantIndex: Hashable, Sendable {
    var value: Int32
}
