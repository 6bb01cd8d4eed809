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
    /// Processors.
    public static let cpuName = "cpu"
    /// Memory, in MiB.
    public static let memoryName = "memory_mib"
    /// Room where films are written, in MiB.
    public static let scratchName = "scratch_mib"
    /// Sessions of a GPU's encoder; `gpu_session:1` are those of the GPU named 1.
    public static let gpuSessionName = "gpu_session"

    /// The resource without its device: `gpu_session` of `gpu_session:1`.
    public var kind: String { cut.map { String(name.utf8[..<$0]) ?? name } ?? name }

    /// The device in its name: `1` in `gpu_session:1`; nil where it names none.
    public var device: String? {
        cut.flatMap { String(name.utf8[name.utf8.index(after: $0)...]) }
    }

    /// The amount as the next power of two, for guesses: jobs with equal needs wait in one line.
    public var rounded: ResourceAmount {
        guard amount > 1 else { return self }
        let bits = UInt64.bitWidth - (amount - 1).leadingZeroBitCount
        return ResourceAmount(name: name, amount: bits < 64 ? 1 << bits : .max)
    }

    /// Whether a need of this name is met by a resource of that one: the same, or one of its
    /// devices where the need names none.
    public func isMet(by resource: String) -> Bool {
        let (own, other) = (name.utf8, resource.utf8)
        guard other.count > own.count else { return name == resource }
        return cut == nil && other.starts(with: own)
            && other[other.index(other.startIndex, offsetBy: own.count)] == UInt8(ascii: ":")
    }

    private var cut: String.Index? { name.utf8.firstIndex(of: UInt8(ascii: ":")) }
}
