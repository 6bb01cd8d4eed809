// SPDX-License-Identifier: Apache-2.0
// Reelwork: an amount of a countable resource

/// An amount of something that a worker has and a job uses up while it is held: `slot`,
/// `scratch_mib`, `gpu_session:0`.
public struct ResourceAmount: Hashable, Sendable {
    /// The resource's name.
    public var name: String
    /// How much of it, in the unit that the name says.
    public var amount: UInt64

    /// Makes an amount.
    public init(name: String, amount: UInt64) {
        self.name = name
        self.amount = amount
    }

    /// The resource that every job uses one of unless it says otherwise.
    public static let slotName = "slot"
}
