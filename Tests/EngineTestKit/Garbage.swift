// SPDX-License-Identifier: Apache-2.0
// Reelwork: bytes that no program should print

/// Bytes that no program should print: real outputs cut, flipped, doubled and mixed, and noise.
///
/// The same ones come each time, so that what fails fails again.
struct Garbage {
    private let seeds: [[UInt8]]
    private var numbers = Numbers()
    private var round = 0

    /// Marsaglia's xorshift with 64 bits.
    private struct Numbers: RandomNumberGenerator {
        private var state: UInt64 = 0x5EED

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let numbers = [
        "-1", "0", "18446744073709551615", "9223372036854775807", "18446744073709551616", "1e999",
        "NaN", "99999999:99:99.999999999", "4294967296/0", "0/0", "1000000000/1", "null", "{}",
        "\"",
    ].map { Array($0.utf8) }

    init(seeds: [String]) { self.seeds = seeds.map { Array($0.utf8) } }

    mutating func next() -> [UInt8] {
        round += 1
        if round % 7 == 0 {
            return (0..<Int.random(in: 0...5_000, using: &numbers)).map { _ in
                .random(in: 0...255, using: &numbers)
            }
        }
        var bytes = seeds[round % seeds.count]
        if round % 5 == 0 { replaceNumber(&bytes) }
        if round % 11 == 0 { bytes += bytes + seeds[(round + 1) % seeds.count] }
        if round % 4 < 2 { bytes.removeLast(.random(in: 0...bytes.count, using: &numbers)) }
        for _ in 0..<(round % 20) where !bytes.isEmpty {
            bytes[.random(in: bytes.indices, using: &numbers)] = .random(
                in: 0...255,
                using: &numbers
            )
        }
        return bytes
    }

    /// Puts an odd number where a digit stood.
    private mutating func replaceNumber(_ bytes: inout [UInt8]) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let places = bytes.indices.filter { digits.contains(bytes[$0]) }
        guard let place = places.randomElement(using: &numbers),
            let number = Self.numbers.randomElement(using: &numbers)
        else { return }
        let end = bytes[place...].firstIndex { !digits.contains($0) } ?? bytes.endIndex
        bytes.replaceSubrange(place..<end, with: number)
    }
}
