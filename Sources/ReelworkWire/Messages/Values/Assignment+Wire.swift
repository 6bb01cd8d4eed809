// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job handed out, on the wire

package import ReelworkCore

extension Assignment: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Assignment"
    /// The least that one takes.
    package static let byteCountMin = 21

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Assignment {
        var assignment = Assignment(
            id: try reader.jobID("id"),
            number: try reader.jobNumber("number"),
            attempt: try reader.attempt("attempt"),
            engine: try reader.string("engine"),
            spec: try reader.blob("spec", bytesMax: Limits.specBytesMax)
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: assignment.granted = try reader.list("#1 granted", of: Grant.self)
            case 2: assignment.isKilledOnLeaseLoss = true
            case 3: assignment.retryCount = try reader.uvarint("#3 retry_count")
            case 4: assignment.startWithin = try reader.duration("#4 start_within")
            case 5: assignment.isLookOnly = true
            case 6:
                assignment.devices = try reader.list("#6 devices", of: ResourceAmount.self)
            default: reader.skipTag()
            }
        }
        return assignment
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.jobID(id)
        writer.jobNumber(number)
        writer.attempt(attempt)
        writer.string(engine)
        writer.blob(spec)
        var section = writer.openSection()
        writer.tag(&section, 1, list: granted)
        writer.tag(&section, 2, flag: isKilledOnLeaseLoss)
        writer.tag(&section, 3, uvarint: retryCount)
        writer.tag(&section, 4, duration: startWithin)
        writer.tag(&section, 5, flag: isLookOnly)
        writer.tag(&section, 6, list: devices)
        writer.close(section)
    }
}

extension Grant: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "{attempt, size, hash}"
    /// The least that one takes.
    package static let byteCountMin = 3

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Grant {
        Grant(
            attempt: try reader.attempt("#1 granted attempt"),
            size: try reader.uvarint("#1 granted size"),
            checksum: try reader.filmHash("#1 granted hash")
        )
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.attempt(attempt)
        writer.uvarint(size)
        writer.blob(FilmHash.encode(checksum))
    }
}
