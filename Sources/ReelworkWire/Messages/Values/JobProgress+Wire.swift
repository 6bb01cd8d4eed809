// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far an encode has come, on the wire

package import ReelworkCore

extension JobProgress: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Progress"
    /// The least that one takes.
    package static let byteCountMin = 5

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> JobProgress {
        var progress = JobProgress(
            number: try reader.jobNumber("number"),
            attempt: try reader.attempt("attempt"),
            media: try reader.duration("media")
        )
        // 0 = not known, else thousandths and one.
        let permille = try reader.uvarint("permille", as: UInt32.self)
        progress.permille = permille == 0 ? nil : permille - 1
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: progress.speedMilli = try reader.uvarint("#1 speed_milli")
            case 2: progress.framesPerSecondMilli = try reader.uvarint("#2 fps_milli")
            case 3: progress.bytes = try reader.uvarint("#3 bytes")
            case 4: progress.remaining = try reader.duration("#4 eta")
            case 5: progress.phase = try reader.open("#5 phase", as: JobProgress.Phase.self)
            default: reader.skipTag()
            }
        }
        return progress
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.jobNumber(number)
        writer.attempt(attempt)
        writer.duration(media)
        writer.uvarint(permille.map { UInt64($0) + 1 } ?? 0)
        var section = writer.openSection()
        writer.tag(&section, 1, uvarint: speedMilli)
        writer.tag(&section, 2, uvarint: framesPerSecondMilli)
        writer.tag(&section, 3, uvarint: bytes)
        writer.tag(&section, 4, duration: remaining)
        writer.tag(&section, 5, u8: phase?.rawValue)
        writer.close(section)
    }
}
