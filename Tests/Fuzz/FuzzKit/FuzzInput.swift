// SPDX-License-Identifier: Apache-2.0
// Reelwork: takes decisions from a fuzzer's bytes

/// Takes decisions from a fuzzer's bytes, first to last; past their end all are 0.
package struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    /// Begins with these bytes.
    package init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// Begins with the bytes that libFuzzer gives.
    package init(_ data: UnsafeRawPointer?, _ count: Int) {
        self.init([UInt8](UnsafeRawBufferPointer(start: data, count: count)))
    }

    /// Whether all bytes were taken.
    package var isEmpty: Bool { rest.isEmpty }

    /// The next byte.
    package mutating func u8() -> UInt8 { rest.popFirst() ?? 0 }

    /// The next two bytes.
    package mutating func u16() -> UInt16 { UInt16(u8()) | UInt16(u8()) << 8 }

    /// The next four bytes.
    package mutating func u32() -> UInt32 { UInt32(u16()) | UInt32(u16()) << 16 }

    /// The next byte as an index below `count`, which is at least 1.
    package mutating func index(below count: Int) -> Int { Int(u8()) % count }

    /// The next bytes: at most so many.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(taken.count)
        return Array(taken)
    }

    /// All that is left, in memory of exactly that size.
    package mutating func everything() -> [UInt8] { bytes(rest.count) }
}
