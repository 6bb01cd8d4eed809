// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job's spec as bytes

package import ReelworkCore

extension JobSpec {
    /// The version of the spec's form.
    package static let wireVersion: UInt8 = 1
    /// Tags from here on must be understood: an unknown one refuses the job.
    package static let tagsUnderstoodFrom: UInt64 = 64
    static let secretsTag: UInt64 = 9

    /// The spec's bytes; they are made once, by the client, and kept.
    package var encoded: [UInt8] {
        var writer = WireWriter(capacity: 128)
        encode(into: &writer)
        return writer.bytes
    }

    /// Writes the spec: parameters sorted by the bytes of their keys.
    package func encode(into writer: inout WireWriter) {
        writer.u8(JobSpec.wireVersion)
        writer.string(engine)
        writer.u8(queue?.rawValue ?? 0)
        writer.u8(priority?.rawValue ?? 0)
        writer.string(input)
        writer.string(output)
        writer.list(parameters.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        var section = writer.openSection()
        writer.tag(&section, 1, uvarint: retries)
        writer.tag(&section, 2, duration: timeout)
        writer.tag(&section, 3, timestamp: notBefore)
        writer.tag(&section, 4, flag: overwrite)
        writer.tag(&section, 5, duration: mediaDuration)
        writer.tag(&section, 6, list: needs)
        writer.tag(&section, 7, strings: encoders.isEmpty ? nil : encoders)
        writer.tag(&section, 8, list: require)
        writer.tag(&section, JobSpec.secretsTag, list: secrets)
        writer.tag(&section, 10, string: tenant)
        writer.tag(&section, 11, list: prefer)
        writer.close(section)
    }

    /// Reads a spec; whatever is wrong in it is invalid, and never the connection's end.
    package static func decode(spec bytes: [UInt8]) throws(WireError) -> JobSpec {
        try decode(bytes.span.bytes)
    }

    /// Reads a spec; whatever is wrong in it is invalid, and never the connection's end.
    package static func decode(_ bytes: RawSpan) throws(WireError) -> JobSpec {
        var reader = WireReader(bytes, message: "JobSpec")
        do throws(WireError) {
            guard bytes.byteCount <= Limits.specBytesMax else {
                throw reader.malformed(
                    "spec",
                    expected: "at most \(Limits.specBytesMax) bytes",
                    found: "\(bytes.byteCount)"
                )
            }
            let spec = try decode(from: &reader)
            try reader.finish()
            return spec
        } catch {
            throw .invalid(error.fault)
        }
    }

    private static func decode(from reader: inout WireReader) throws(WireError) -> JobSpec {
        let version = try reader.u8("version")
        guard version == wireVersion else {
            throw reader.malformed("version", expected: "\(wireVersion)", found: "\(version)")
        }
        var spec = JobSpec(input: "", output: "")
        spec.engine = try reader.string("engine")
        spec.queue = try reader.knownOrNone("queue", as: JobQueue.self)
        spec.priority = try reader.knownOrNone("priority", as: JobPriority.self)
        spec.input = try reader.string("input")
        spec.output = try reader.string("output")
        spec.parameters = try reader.list(
            "parameters",
            of: Parameter.self,
            max: Limits.parametersMax
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) { try spec.decode(tag, from: &reader) }
        spec.check(&reader)
        return spec
    }

    private mutating func decode(
        _ tag: UInt64,
        from reader: inout WireReader
    ) throws(WireError) {
        switch tag {
        case 1: retries = try reader.uvarint("#1 retries")
        case 2: timeout = try reader.duration("#2 timeout")
        case 3: notBefore = try reader.timestamp("#3 not_before")
        case 4: overwrite = true
        case 5: mediaDuration = try reader.duration("#5 media_ms")
        case 6: needs = try reader.list("#6 needs", of: ResourceAmount.self)
        case 7: encoders = try reader.strings("#7 encoders")
        case 8: require = try reader.list("#8 require", of: Label.self)
        case JobSpec.secretsTag: secrets = try reader.list("#9 secrets", of: Parameter.self)
        case 10: tenant = try reader.string("#10 tenant")
        case 11: prefer = try reader.list("#11 prefer", of: Label.self)
        case JobSpec.tagsUnderstoodFrom...:
            throw reader.malformed(
                "tags",
                expected: "tags that are known here, or below \(JobSpec.tagsUnderstoodFrom)",
                found: "#\(tag)"
            )
        default: reader.skipTag()
        }
    }

    /// Whether a spec carries secrets, or cannot be looked through to its end: then the frame
    /// around it stays plain.
    package static func carriesSecrets(_ bytes: [UInt8]) -> Bool {
        var reader = WireReader(bytes.span.bytes, message: "JobSpec")
        do throws(WireError) {
            return try reader.findSecrets()
        } catch {
            return true
        }
    }
}

extension WireReader {
    @_lifetime(self: copy self)
    fileprivate mutating func findSecrets() throws(WireError) -> Bool {
        _ = try u8("version")
        try skipBlob("engine", bytesMax: Limits.stringBytesMax)
        _ = try u8("queue")
        _ = try u8("priority")
        try skipBlob("input", bytesMax: Limits.stringBytesMax)
        try skipBlob("output", bytesMax: Limits.stringBytesMax)
        let count = try count("parameters", itemBytesMin: 2, max: Limits.parametersMax)
        for _ in 0..<count {
            try skipBlob("parameters", bytesMax: Limits.stringBytesMax)
            try skipBlob("parameters", bytesMax: Limits.parameterBytesMax)
        }
        var section = try openSection()
        while let tag = try nextTag(&section) {
            if tag == JobSpec.secretsTag { return true }
            skipTag()
        }
        return false
    }
}
