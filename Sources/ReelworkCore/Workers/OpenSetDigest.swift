// SPDX-License-Identifier: Apache-2.0
// Reelwork: a digest of what a worker runs

/// A digest of the attempts that a worker holds, kept by both sides and compared at each heartbeat.
///
/// The set's members are mixed one by one and joined by exclusive or, so that adding and removing
/// cost the same and order does not matter. The mixing is that of SplitMix64's output function
/// (Steele, Lea, Flood 2014): a CRC would be blind to two jobs that swap attempts.
public struct OpenSetDigest: Hashable, Sendable {
    /// The digest as it travels.
    public private(set) var value: UInt64

    /// The digest of the empty set, or one that was received.
    public init(value: UInt64 = 0) {
        self.value = value
    }

    /// Adds an attempt, or removes one that is in the set.
    public mutating func toggle(_ number: JobNumber, _ attempt: AttemptNumber) {
        value ^= OpenSetDigest.hash(number, attempt)
    }

    /// What one attempt contributes.
    public static func hash(_ number: JobNumber, _ attempt: AttemptNumber) -> UInt64 {
        mix(number.rawValue ^ mix(UInt64(attempt.rawValue)))
    }

    /// Mixes 64 bits.
    ///
    /// Wrapping multiplication is meant here: it is hashing.
    public static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
