// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker holds and what becomes of it, on the wire

package import ReelworkCore

extension HeldAttempt: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Held"
    /// The least that one takes.
    package static let byteCountMin = 19

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> HeldAttempt {
        var held = HeldAttempt(
            id: try reader.jobID("id"),
            attempt: try reader.attempt("attempt"),
            phase: try reader.open("phase", as: Phase.self)
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: held.devices = try reader.list("#1 devices", of: ResourceAmount.self)
            default: reader.skipTag()
            }
        }
        return held
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.jobID(id)
        writer.attempt(attempt)
        writer.u8(phase.rawValue)
        var section = writer.openSection()
        writer.tag(&section, 1, list: devices)
        writer.close(section)
    }
}

extension Verdict: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Verdict"
    /// The least that one takes.
    package static let byteCountMin = 2

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Verdict {
        var verdict = Verdict(try reader.open("verdict", as: Kind.self))
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: verdict.attempt = try reader.attempt("#1 attempt")
            default: reader.skipTag()
            }
        }
        return verdict
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.u8(kind.rawValue)
        var section = writer.openSection()
        writer.tag(&section, 1, attempt: attempt)
        writer.close(section)
    }
}

extension Revocation: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Revocation"
    /// The least that one takes.
    package static let byteCountMin = 5

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Revocation {
        let revocation = Revocation(
            number: try reader.jobNumber("number"),
            attempt: try reader.attempt("attempt"),
            because: try reader.open("because", as: RevokeReason.self),
            grace: try reader.duration("grace")
        )
        try reader.skipSection()
        return revocation
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.jobNumber(number)
        writer.attempt(attempt)
        writer.u8(because.rawValue)
        writer.duration(grace)
        writer.emptySection()
    }
}
