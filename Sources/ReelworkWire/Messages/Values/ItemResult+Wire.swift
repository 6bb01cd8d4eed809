// SPDX-License-Identifier: Apache-2.0
// Reelwork: the answer to one item, on the wire

package import ReelworkCore

extension ItemResult: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Result"
    /// The least that one takes.
    package static let byteCountMin = 2

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> ItemResult {
        var result = ItemResult(.ok)
        result.code = try reader.code("code")
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: result.detail = try reader.string("#1 detail")
            case 2: result.number = try reader.jobNumber("#2 number")
            case 3: result.state = try reader.open("#3 state", as: JobState.self)
            case 4: result.from = try reader.open("#4 from", as: JobState.self)
            case 5: result.to = try reader.open("#5 to", as: JobState.self)
            default: reader.skipTag()
            }
        }
        return result
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.code(code)
        var section = writer.openSection()
        writer.tag(&section, 1, string: detail)
        writer.tag(&section, 2, uvarint: number?.rawValue)
        writer.tag(&section, 3, u8: state?.rawValue)
        writer.tag(&section, 4, u8: from?.rawValue)
        writer.tag(&section, 5, u8: to?.rawValue)
        writer.close(section)
    }
}
