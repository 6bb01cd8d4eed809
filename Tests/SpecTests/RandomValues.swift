// SPDX-License-Identifier: Apache-2.0
// Reelwork: random values of the wire that can be had again

import ReelworkCore
import ReelworkWire

/// Random values of the wire that can be had again; those that make sense in a request.
struct RandomValues: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state = state.addingReportingOverflow(0x9E37_79B9_7F4A_7C15).partialValue
        return OpenSetDigest.mix(state)
    }

    // MARK: - Numbers

    mutating func flip() -> Bool { next() & 1 == 0 }

    /// A number of any length, so that each length of a uvarint comes.
    mutating func number(bits: UInt64 = 64) -> UInt64 {
        let edges: [UInt64] = [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 32, .max]
        let mask = bits == 64 ? UInt64.max : (1 << bits) - 1
        if flip() { return edges[pick(edges.count)] & mask }
        return (next() >> (64 - 1 - next() % bits)) & mask
    }

    mutating func pick(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func among<Value>(_ values: [Value], else other: Value) -> Value {
        values.randomElement(using: &self) ?? other
    }
    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
    mutating func small() -> UInt32 { UInt32(truncatingIfNeeded: number(bits: 32)) }
    mutating func signed() -> Int64 { Int64(bitPattern: number()) }
    /// A value that a `Duration` and a `Timestamp` hold in whole milliseconds.
    mutating func milliseconds() -> UInt64 { number(bits: 50) }
    mutating func duration() -> Duration { .milliseconds(Int64(milliseconds())) }
    mutating func time() -> Timestamp { Timestamp(milliseconds: Int64(milliseconds())) }
    mutating func job() -> JobNumber { JobNumber(number()) }
    mutating func attempt() -> AttemptNumber { AttemptNumber(small()) }
    mutating func id() -> JobID { JobID(high: next(), low: next()) }

    mutating func real() -> Double {
        among([0, -0.0, 1, -1.5, 0.1, 123_456.75, .infinity, -.infinity, .nan], else: 0)
    }

    // MARK: - Text and lists

    mutating func text() -> String {
        let texts = [
            "", "a", "libx264", "/films/ä b.mp4", "\0", "\"\\\n\t", "日本", "\u{1F3AC}", "\u{7FF}",
        ]
        if pick(10) == 0 { return String(repeating: "x", count: 127 + pick(3)) }
        return texts[pick(texts.count)]
    }

    mutating func key() -> String { among(["k", "a-key", "日本"], else: "k") }

    mutating func bytes(_ count: Int? = nil) -> [UInt8] {
        let count = count ?? among([0, 1, 5, 127, 128, 300], else: 1)
        return (0..<count).map { _ in byte() }
    }

    /// Nil, or a value.
    mutating func maybe<Value>(_ make: (inout RandomValues) -> Value) -> Value? {
        flip() ? make(&self) : nil
    }

    mutating func list<Value>(
        _ least: Int = 0,
        _ make: (inout RandomValues) -> Value
    ) -> [Value] {
        (0..<(least + pick(4))).map { _ in make(&self) }
    }

    /// A number of an enum that answers and events may hold, known or not.
    mutating func open<Value: CaseIterable & RawRepresentable & Hashable & Sendable>(
        _ type: Value.Type,
        unknown: Value.RawValue
    ) -> OpenEnum<Value> {
        guard let value = Value.allCases.randomElement(using: &self), pick(8) > 0 else {
            return .unknown(unknown)
        }
        return .known(value)
    }

    /// A number of an enum that the server must know.
    mutating func known<Value: CaseIterable>(_ type: Value.Type, else other: Value) -> Value {
        Value.allCases.randomElement(using: &self) ?? other
    }
}
