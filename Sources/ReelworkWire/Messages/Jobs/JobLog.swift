// SPDX-License-Identifier: Apache-2.0
// Reelwork: JOB_LOG

package import ReelworkCore

/// Reads what a job's encoder said (method 017).
package enum JobLog: WireCall, WireEvent {
    /// The method.
    package static let method = Method.jobLog

    /// Which log, and from where.
    package struct Request: WireMessage {
        /// The job.
        package var ref: JobRef
        /// The attempt; 0 = the last one.
        package var attempt: AttemptNumber
        /// The first byte wanted.
        package var offset: UInt64
        /// Kept for later: version 1 refuses it.
        package var follows: Bool
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            ref: JobRef,
            attempt: AttemptNumber,
            offset: UInt64,
            follows: Bool = false,
            tags: RequestTags = .none
        ) {
            self.ref = ref
            self.attempt = attempt
            self.offset = offset
            self.follows = follows
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_LOG.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                ref: try JobRef.decode(from: &reader),
                attempt: try reader.attempt("attempt"),
                offset: try reader.uvarint("offset")
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.follows = true
                default: try reader.requestTag(tag, &value.tags)
                }
            }
            if value.follows {
                reader.refuse("#16 follow", expected: "no follow in version 1", found: "one")
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            ref.encode(into: &writer)
            writer.attempt(attempt)
            writer.uvarint(offset)
            var section = writer.openSection(tags)
            writer.tag(&section, 16, flag: follows)
            writer.close(section)
        }
    }

    /// The end of the log as it is now.
    package struct Response: WireMessage {
        /// The offset after the last byte sent.
        package var next: UInt64

        /// Makes it.
        package init(next: UInt64) {
            self.next = next
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_LOG.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(next: try reader.uvarint("next"))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(next)
            writer.emptySection()
        }
    }

    /// A part of the log.
    package struct Event: WireMessage {
        /// The place of the first byte; later than asked where the start is gone.
        package var offset: UInt64
        /// The bytes, as the encoder wrote them.
        package var data: [UInt8]

        /// Makes it.
        package init(offset: UInt64, data: [UInt8]) {
            self.offset = offset
            self.data = data
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_LOG.event"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Event {
            let value = Event(offset: try reader.uvarint("offset"), data: try reader.blob("data"))
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
