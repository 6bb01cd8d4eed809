// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tags of a report before its kind judges them

internal import ReelworkCore

/// All tags that a report may carry, whatever its kind; those of another kind are ignored.
struct ReportTags: ~Copyable {
    var start = ReportItem.Start()
    var failure: UInt8?
    var exit: Int64?
    var error: String?
    var logTail: [UInt8] = []
    var because: UInt8?
    var output: String?
    var size: UInt64?
    var mediaDuration: Duration?
    var checksum: UInt32?
    var finish = ReportItem.Finish()
    var isFinal = false

    mutating func decode(_ tag: UInt64, from reader: inout WireReader) throws(WireError) {
        switch tag {
        case 1: start.mediaDuration = try reader.duration("#1 media_ms")
        case 2: start.limit = try reader.duration("#2 limit")
        case 3: start.pid = try reader.uvarint("#3 pid")
        case 4: start.encoder = try reader.string("#4 encoder")
        case 5: start.isResumed = true
        case 8: failure = try reader.u8("#8 class")
        case 9: exit = try reader.svarint("#9 exit")
        case 10: error = try reader.string("#10 error")
        case 11: logTail = try reader.blob("#11 log_tail", bytesMax: Limits.logTailBytesMax)
        case 12: because = try reader.u8("#12 because")
        case 16: output = try reader.string("#16 output")
        case 17: size = try reader.uvarint("#17 size")
        case 18: mediaDuration = try reader.duration("#18 film_ms")
        case 19: checksum = try reader.filmHash("#19 hash")
        case 20: finish.adopted = try reader.attempt("#20 adopted")
        case 21: finish.hasNoFile = true
        case 22: finish.encodeTime = try reader.duration("#22 encode_ms")
        case 23: isFinal = true
        default: reader.skipTag()
        }
    }

    /// The content of a report of this kind; nil where a tag is missing or senseless, which is
    /// noted.
    func content(
        _ kind: ReportItem.Kind,
        _ reader: inout WireReader
    ) -> ReportItem.Content? {
        switch kind {
        case .started: return .started(start)
        case .ready: return film(&reader).map { .ready($0) }
        case .finished:
            var finish = finish
            finish.logTail = logTail
            let hasFilm =
                output != nil && size != nil && mediaDuration != nil && checksum != nil
            if finish.hasNoFile, !hasFilm { return .finished(nil, finish) }
            return film(&reader).map { .finished($0, finish) }
        case .failed:
            guard let raw = failure, let failure = FailureClass(rawValue: raw) else {
                reader.refuse(
                    "#8 class",
                    expected: "a class of failure",
                    found: ReportTags.words(failure)
                )
                return nil
            }
            return .failed(
                ReportItem.Failure(
                    failure,
                    exit: exit,
                    error: error ?? "",
                    logTail: logTail,
                    isFinal: isFinal
                )
            )
        case .released:
            guard let raw = because, let because = ReleaseReason(rawValue: raw) else {
                reader.refuse(
                    "#12 because",
                    expected: "a reason of release",
                    found: ReportTags.words(because)
                )
                return nil
            }
            return .released(because, error: error)
        }
    }

    private func film(_ reader: inout WireReader) -> ReportItem.Film? {
        guard let output else {
            reader.refuse("#16 output", expected: "a path", found: "none")
            return nil
        }
        guard let size else {
            reader.refuse("#17 size", expected: "a number", found: "none")
            return nil
        }
        guard let mediaDuration else {
            reader.refuse("#18 film_ms", expected: "the film's length", found: "none")
            return nil
        }
        guard let checksum else {
            reader.refuse("#19 hash", expected: "a hash", found: "none")
            return nil
        }
        return ReportItem.Film(
            output: output,
            size: size,
            mediaDuration: mediaDuration,
            checksum: checksum
        )
    }

    private static func words(_ raw: UInt8?) -> String { raw.map { "\($0)" } ?? "none" }
}
