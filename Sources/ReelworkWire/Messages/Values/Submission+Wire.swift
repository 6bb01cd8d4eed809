// SPDX-License-Identifier: Apache-2.0
// Reelwork: a submitted job and its answer, on the wire

package import ReelworkCore

extension SubmitItem: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "SubmitItem"
    /// The least that one takes.
    package static let byteCountMin = 3

    /// Reads key and spec as they are: whether they make sense is judged item by item, see
    /// ``problem`` and ``JobSpec/decode(spec:)``, so that a bad one spares the others.
    package static func decode(from reader: inout WireReader) throws(WireError) -> SubmitItem {
        // The frame bounds a spec that is too long; it costs its item alone.
        let item = SubmitItem(
            key: try reader.string("key"),
            spec: try reader.blob("spec", bytesMax: Limits.frameBytesCeiling)
        )
        try reader.skipSection()
        return item
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(key)
        writer.blob(spec)
        writer.emptySection()
    }

    /// What is wrong with the key; nil where it is good.
    package var problem: WireError? {
        let count = key.utf8.count
        guard count == 0 || count > Limits.keyBytesMax else { return nil }
        return .invalid(
            WireFault(
                message: "SUBMIT_BATCH.request",
                field: "key",
                offset: 0,
                expected: "1 to \(Limits.keyBytesMax) bytes",
                found: "\(count) bytes"
            )
        )
    }
}

extension SubmitResult: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "SubmitResult"
    /// The least that one takes.
    package static let byteCountMin = 20

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> SubmitResult {
        var result = SubmitResult(.ok)
        result.code = try reader.code("code")
        result.id = try reader.jobID("id")
        result.number = try reader.jobNumber("number")
        result.state = try reader.openOrNone("state", as: JobState.self)
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 3: result.detail = try reader.string("#3 detail")
            default: reader.skipTag()
            }
        }
        return result
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.code(code)
        writer.jobID(id)
        writer.jobNumber(number)
        writer.u8(state?.rawValue ?? 0)
        var section = writer.openSection()
        writer.tag(&section, 3, string: detail)
        writer.close(section)
    }
}
