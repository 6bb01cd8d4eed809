// SPDX-License-Identifier: Apache-2.0
// Reelwork: the versions in which a peer knows a method

package import ReelworkCore

/// The schema versions in which a peer knows a method.
package struct MethodRange: WireItem {
    /// The method's id; ids of later versions are kept.
    package var id: UInt16
    /// The lowest version, from 1.
    package var lowest: UInt8
    /// The highest, at most 15.
    package var highest: UInt8

    /// Makes a range.
    package init(_ method: Method, lowest: UInt8 = 1, highest: UInt8 = 1) {
        id = method.rawValue
        self.lowest = lowest
        self.highest = highest
    }

    init(id: UInt16, lowest: UInt8, highest: UInt8) {
        self.id = id
        self.lowest = lowest
        self.highest = highest
    }

    /// All methods of this program, in version 1.
    package static let all = Method.allCases.sorted { $0.rawValue < $1.rawValue }
        .map { MethodRange($0) }

    /// The version to speak with a peer that knows `other`: the lower of the two highest.
    ///
    /// Nil where the ranges do not meet: then the method cannot be used.
    package func version(with other: MethodRange) -> UInt8? {
        let version = min(highest, other.highest)
        return version >= max(lowest, other.lowest) ? version : nil
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "{id, versions}"
    /// The least that one takes.
    package static let byteCountMin = 2
    static let idMax: UInt16 = 0xFFF

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> MethodRange {
        let id = try reader.uvarint("method id", as: UInt16.self)
        guard id <= idMax else {
            throw reader.malformed("method id", expected: "at most 4095", found: "\(id)")
        }
        let versions = try reader.u8("method versions")
        return MethodRange(id: id, lowest: versions >> 4, highest: versions & 0xF)
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.uvarint(UInt64(id))
        writer.u8(lowest << 4 | highest & 0xF)
    }
}

extension WireReader {
    /// Reads the methods of a HELLO: ids rise, and ranges are from low to high, from 1.
    @_lifetime(self: copy self)
    mutating func methods() throws(WireError) -> [MethodRange] {
        let methods = try list("methods", of: MethodRange.self, max: Limits.methodsMax)
        var before: UInt16?
        for method in methods {
            if let before, before >= method.id {
                throw malformed(
                    "methods",
                    expected: "ids that rise",
                    found: "\(method.id) after \(before)"
                )
            }
            if method.lowest == 0 || method.lowest > method.highest {
                throw malformed(
                    "methods",
                    expected: "versions from low to high, from 1",
                    found: "\(method.lowest) to \(method.highest)"
                )
            }
            before = method.id
        }
        return methods
    }
}
