// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a tenant may have

/// What a tenant may have of the fleet (requirements, R6).
public struct TenantPolicy: Hashable, Sendable {
    /// Its share beside others: with weights 1 and 3, one job in four and three in four; 1 to
    /// ``Limits/tenantWeightMax``.
    public var weight: UInt32
    /// Jobs of it in workers' hands, at most; nil = no cap.
    public var heldMax: Int?

    /// Makes a policy.
    public init(weight: UInt32 = 1, heldMax: Int? = nil) {
        self.weight = weight
        self.heldMax = heldMax
    }
}
