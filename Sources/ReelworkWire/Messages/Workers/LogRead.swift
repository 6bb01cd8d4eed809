// SPDX-License-Identifier: Apache-2.0
// Reelwork: LOG_READ

package import ReelworkCore

/// The scheduler asks for the log of a running encode (method 028).
package enum LogRead: WireCall {
    /// The method.
    package static let method = Method.logRead

    /// Which log, and from where.
    package struct Request: WireMessage {
        /// The job.
        package var number: JobNumber
        /// The attempt.
        package var attempt: AttemptNumber
        /// The first byte wanted.
        package var offset: UInt64
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            number: JobNumber,
            attempt: AttemptNumber,
            offset: UInt64,
            tags: RequestTags = .none
        ) {
            self.number = number
            self.attempt = attempt
            self.offset = offset
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LOG_READ.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                number: try reader.jobNumber("number"),
                attempt: try reader.attempt("attempt"),
                offset: try reader.uvarint("offset")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.jobNumber(number)
            writer.attempt(attempt)
            writer.uvarint(offset)
            writer.requestSection(tags)
        }
    }

    /// A part of the log.
    package struct Response: WireMessage {
        /// The place of the first byte; later than asked where the start is gone.
        package var offset: UInt64
        /// The bytes; empty = nothing yet.
        package var data: [UInt8]

        /// Makes it.
        package init(offset: UInt64, data: [UInt8]) {
            self.offset = offset
            self.data = data
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LOG_READ.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                offset: try reader.uvarint("offset"),
                data: try reader.blob("data")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(offset)
            writer.blob(data)
            writer.emptySection()
        }
    }
}
