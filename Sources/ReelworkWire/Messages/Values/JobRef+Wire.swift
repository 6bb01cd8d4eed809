// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a request names a job, on the wire

package import ReelworkCore

extension JobRef: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "JobRef"
    /// The least that one takes.
    package static let byteCountMin = 2

    /// The ways to name a job, as numbers on the wire.
    package enum WireKind: UInt8, CaseIterable, Hashable, Sendable {
        /// By its number.
        case number = 1
        /// By its universal id.
        case id = 2
        /// By its idempotency key.
        case key = 3
    }

    /// Reads a reference; an unknown kind cannot be read past and is malformed.
    package static func decode(from reader: inout WireReader) throws(WireError) -> JobRef {
        let raw = try reader.u8("ref kind")
        switch WireKind(rawValue: raw) {
        case .number: return .number(try reader.jobNumber("ref number"))
        case .id: return .id(try reader.jobID("ref id"))
        case .key: return .key(try reader.string("ref key"))
        case nil:
            throw reader.malformed("ref kind", expected: "1, 2 or 3", found: "\(raw)")
        }
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        switch self {
        case .number(let number):
            writer.u8(WireKind.number.rawValue)
            writer.jobNumber(number)
        case .id(let id):
            writer.u8(WireKind.id.rawValue)
            writer.jobID(id)
        case .key(let key):
            writer.u8(WireKind.key.rawValue)
            writer.string(key)
        }
    }
}
