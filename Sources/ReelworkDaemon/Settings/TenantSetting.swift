// SPDX-License-Identifier: Apache-2.0
// Reelwork: what can be set for one tenant

/// What can be set for one tenant, in its section `[tenants.NAME]` of the configuration file.
package enum TenantSetting: String, CaseIterable, Sendable {
    /// Its share beside others.
    case weight
    /// Jobs of it in workers' hands, at most.
    case heldMax = "held_max"
}
