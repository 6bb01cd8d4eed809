// SPDX-License-Identifier: Apache-2.0
// Reelwork: ERROR

package import ReelworkCore

/// The answer to a request that failed, or the end of a connection; it never changes its version.
package struct ErrorMessage: WireMessage {
    /// What is wrong.
    package var code: OpenEnum<ResultCode>
    /// Not again before; zero = nothing said.
    package var retryAfter: Duration
    /// What was wrong, what was expected, what to do, for people.
    package var detail: String
    /// The index of the item concerned, from 0.
    package var item: UInt64?
    /// With an illegal move: the state the job is in.
    package var from: OpenEnum<JobState>?
    /// With an illegal move: the state that was asked for.
    package var to: OpenEnum<JobState>?
    /// Other endpoints; always empty in version 1.
    package var alternates: [String]?
    /// The limit that was passed.
    package var limit: UInt64?

    /// Makes an error; the detail is cut to ``Limits/errorDetailBytesMax``.
    package init(
        _ code: ResultCode,
        retryAfter: Duration = .zero,
        detail: String = "",
        item: UInt64? = nil,
        from: JobState? = nil,
        to: JobState? = nil,
        alternates: [String]? = nil,
        limit: UInt64? = nil
    ) {
        self.code = .known(code)
        self.retryAfter = retryAfter
        self.detail = ErrorMessage.cut(detail)
        self.item = item
        self.from = from.map { .known($0) }
        self.to = to.map { .known($0) }
        self.alternates = alternates
        self.limit = limit
    }

    /// The answer to a body that was refused.
    package init(_ error: WireError) {
        self.init(
            error.code,
            detail: error.explanation,
            item: error.fault.item.map { UInt64(clamping: $0) }
        )
    }

    /// The last word on a connection whose bytes cannot be read on.
    package init(_ error: FrameError) {
        self.init(error.code, detail: error.explanation)
    }

    /// The answer to a frame that cannot be handled.
    package init(_ refusal: FrameRefusal) {
        self.init(refusal.code, detail: refusal.explanation, limit: refusal.limit)
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "ERROR"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> ErrorMessage {
        let code = try reader.code("code")
        var message = ErrorMessage(.ok, retryAfter: try reader.duration("retry_after"))
        message.code = code
        message.detail = try reader.string("detail")
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 1: message.item = try reader.uvarint("#1 item")
            case 2: message.from = try reader.open("#2 from", as: JobState.self)
            case 3: message.to = try reader.open("#3 to", as: JobState.self)
            case 4: message.alternates = try reader.strings("#4 alternates")
            case 5: message.limit = try reader.uvarint("#5 limit")
            default: reader.skipTag()
            }
        }
        return message
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.code(code)
        writer.duration(retryAfter)
        writer.string(detail)
        var section = writer.openSection()
        writer.tag(&section, 1, uvarint: item)
        writer.tag(&section, 2, u8: from?.rawValue)
        writer.tag(&section, 3, u8: to?.rawValue)
        writer.tag(&section, 4, strings: alternates)
        writer.tag(&section, 5, uvarint: limit)
        writer.close(section)
    }

    /// Cuts a text at a whole character, so that it has at most the bytes allowed.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > Limits.errorDetailBytesMax else { return text }
        var cut = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= Limits.errorDetailBytesMax else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut
    }
}
