// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker says of one attempt, on the wire

internal import ReelworkCore

extension Report.Entry {
    /// Reads an item to its end, then judges it, so that a senseless one spares the others.
    static func decode(from reader: inout WireReader) throws(WireError) -> Report.Entry {
        let number = try reader.jobNumber("number")
        let attempt = try reader.attempt("attempt")
        let raw = try reader.u8("kind")
        let at = try reader.timestamp("at")
        var tags = ReportTags()
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) { try tags.decode(tag, from: &reader) }
        guard let kind = ReportItem.Kind(rawValue: raw) else {
            reader.refuse("kind", expected: "one of 1, 3, 4, 5, 6", found: "\(raw)")
            return invalid(number, attempt, &reader)
        }
        guard let content = tags.content(kind, &reader), reader.refusal == nil else {
            return invalid(number, attempt, &reader)
        }
        return .item(ReportItem(number: number, attempt: attempt, at: at, content: content))
    }

    private static func invalid(
        _ number: JobNumber,
        _ attempt: AttemptNumber,
        _ reader: inout WireReader
    ) -> Report.Entry {
        let fault =
            reader.takeRefusal()
            ?? reader.fault("kind", expected: "tags that fit it", found: "others")
        return .invalid(number: number, attempt: attempt, fault)
    }
}

extension ReportItem {
    /// Writes an item.
    func encode(into writer: inout WireWriter) {
        writer.jobNumber(number)
        writer.attempt(attempt)
        writer.u8(kind.rawValue)
        writer.timestamp(at)
        var section = writer.openSection()
        switch content {
        case .started(let start):
            writer.tag(&section, 1, duration: start.mediaDuration)
            writer.tag(&section, 2, duration: start.limit)
            writer.tag(&section, 3, uvarint: start.pid)
            writer.tag(&section, 4, string: start.encoder)
            writer.tag(&section, 5, flag: start.isResumed)
        case .ready(let film):
            ReportItem.encode(film, &section, &writer)
        case .finished(let film, let finish):
            if !finish.logTail.isEmpty { writer.tag(&section, 11, blob: finish.logTail) }
            if let film { ReportItem.encode(film, &section, &writer) }
            writer.tag(&section, 20, attempt: finish.adopted)
            writer.tag(&section, 21, flag: finish.hasNoFile)
            writer.tag(&section, 22, duration: finish.encodeTime)
        case .failed(let failure):
            writer.tag(&section, 8, u8: failure.failure.rawValue)
            writer.tag(&section, 9, svarint: failure.exit)
            if !failure.error.isEmpty { writer.tag(&section, 10, string: failure.error) }
            if !failure.logTail.isEmpty { writer.tag(&section, 11, blob: failure.logTail) }
            writer.tag(&section, 23, flag: failure.isFinal)
        case .released(let because, let error):
            writer.tag(&section, 10, string: error)
            writer.tag(&section, 12, u8: because.rawValue)
        }
        writer.close(section)
    }

    private static func encode(
        _ film: Film,
        _ section: inout WireWriter.Section,
        _ writer: inout WireWriter
    ) {
        writer.tag(&section, 16, string: film.output)
        writer.tag(&section, 17, uvarint: film.size)
        writer.tag(&section, 18, duration: film.mediaDuration)
        writer.tag(&section, 19, blob: FilmHash.encode(film.checksum))
    }
}
