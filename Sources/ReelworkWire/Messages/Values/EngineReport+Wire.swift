// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker can run, on the wire

package import ReelworkCore

extension EngineReport: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Engine"
    /// The least that one takes.
    package static let byteCountMin = 4

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> EngineReport {
        var engine = EngineReport(
            name: try reader.string("name"),
            version: try reader.string("version"),
            encoders: try reader.strings("encoders")
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: engine.devices = try reader.list("#1 devices", of: ResourceAmount.self)
            case 2: engine.problem = try reader.string("#2 problem")
            case 3: engine.adapterVersion = try reader.uvarint("#3 adapter")
            default: reader.skipTag()
            }
        }
        return engine
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(name)
        writer.string(version)
        writer.strings(encoders)
        var section = writer.openSection()
        writer.tag(&section, 1, list: devices)
        writer.tag(&section, 2, string: problem)
        writer.tag(&section, 3, uvarint: adapterVersion)
        writer.close(section)
    }
}
