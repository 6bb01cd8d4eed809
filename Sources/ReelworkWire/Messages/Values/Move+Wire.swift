// SPDX-License-Identifier: Apache-2.0
// Reelwork: one move of a history, on the wire

package import ReelworkCore

extension Move: WireItem {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "Move"
    /// The least that one takes.
    package static let byteCountMin = 9

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> Move {
        var move = Move(
            sequence: try reader.uvarint("seq"),
            from: try reader.openOrNone("from", as: JobState.self),
            to: try reader.open("to", as: JobState.self),
            at: try reader.timestamp("at"),
            reason: try reader.string("reason"),
            attempt: try reader.attempt("attempt"),
            worker: try reader.string("worker"),
            actor: try reader.string("actor")
        )
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: move.failure = try reader.open("#1 class", as: FailureClass.self)
            case 2: move.detail = try reader.string("#2 detail")
            default: reader.skipTag()
            }
        }
        return move
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.uvarint(sequence)
        writer.u8(from?.rawValue ?? 0)
        writer.u8(to.rawValue)
        writer.timestamp(at)
        writer.string(reason)
        writer.attempt(attempt)
        writer.string(worker)
        writer.string(actor)
        var section = writer.openSection()
        writer.tag(&section, 1, u8: failure?.rawValue)
        writer.tag(&section, 2, string: detail)
        writer.close(section)
    }
}
