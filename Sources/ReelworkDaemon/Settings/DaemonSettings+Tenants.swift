// SPDX-License-Identifier: Apache-2.0
// Reelwork: what tenants may have

import ReelworkCore

extension DaemonSettings {
    /// The word for no cap.
    private static let capNone = "none"

    /// What tenants may have that name nothing of their own.
    static func tenantDefault(_ layers: SettingLayers) throws(DaemonError) -> TenantPolicy {
        var policy = TenantPolicy()
        if let weight = try layers.count(.tenantWeight, 1...Limits.tenantWeightMax) {
            policy.weight = UInt32(clamping: weight)
        }
        if let text = layers.text(.tenantHeldMax) {
            guard let cap = cap(text) else {
                throw layers.wrong(.tenantHeldMax, text, capAdvice)
            }
            policy.heldMax = cap
        }
        return policy
    }

    /// What the tenants may have that the file names; what they leave out is as for all others.
    static func tenants(
        _ layers: SettingLayers,
        default usual: TenantPolicy
    ) throws(DaemonError) -> [String: TenantPolicy] {
        var policies: [String: TenantPolicy] = [:]
        for entry in layers.file?.tenants ?? [] {
            var policy = policies[entry.tenant] ?? usual
            switch entry.setting {
            case .weight:
                guard let weight = UInt32(entry.text),
                    (1...UInt32(Limits.tenantWeightMax)).contains(weight)
                else {
                    throw wrong(
                        entry,
                        "it must be a whole number from 1 to \(Limits.tenantWeightMax)"
                    )
                }
                policy.weight = weight
            case .heldMax:
                guard let cap = cap(entry.text) else { throw wrong(entry, capAdvice) }
                policy.heldMax = cap
            }
            policies[entry.tenant] = policy
            guard policies.count <= Limits.tenantsNamedMax else {
                throw .configuration(
                    "\(entry.origin): more than \(Limits.tenantsNamedMax) tenants are named; "
                        + "give most of them what `tenant_default` says"
                )
            }
        }
        return policies
    }

    /// A cap, or none; nil where the text is neither.
    private static func cap(_ text: String) -> Int?? {
        if text.lowercased() == capNone { return .some(nil) }
        guard let value = Int(text), (1...Limits.jobsLiveMax).contains(value) else { return nil }
        return value
    }

    private static let capAdvice =
        "it must be a whole number from 1 to \(Limits.jobsLiveMax), or none"

    private static func wrong(_ entry: SettingFile.TenantEntry, _ advice: String) -> DaemonError {
        .configuration("\(entry.origin) is `\(entry.text)`; \(advice)")
    }
}
