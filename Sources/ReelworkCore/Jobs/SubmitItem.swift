// SPDX-License-Identifier: Apache-2.0
// Reelwork: one job of a submission

/// One job of a submission, as it travels: the key and the spec's bytes.
public struct SubmitItem: Hashable, Sendable {
    /// The idempotency key: 1 to ``Limits/keyBytesMax`` bytes.
    public var key: String
    /// The encoded ``JobSpec``; compared byte for byte where the key is known already.
    public var spec: [UInt8]

    /// Makes an item.
    public init(key: String, spec: [UInt8]) {
        self.key = key
        self.spec = spec
    }
}
