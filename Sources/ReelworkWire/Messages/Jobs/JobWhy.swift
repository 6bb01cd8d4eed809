// SPDX-License-Identifier: Apache-2.0
// Reelwork: JOB_WHY

package import ReelworkCore

/// Explains a job's state (method 018).
package enum JobWhy: WireCall {
    /// The method.
    package static let method = Method.jobWhy

    /// A reason why a job waits.
    package struct Reason: WireItem {
        /// A word for programs.
        package var code: String
        /// A sentence for people.
        package var text: String
        /// How many workers it holds for.
        package var count: UInt64

        /// Makes it.
        package init(code: String, text: String, count: UInt64) {
            self.code = code
            self.text = text
            self.count = count
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_WHY.reasons"
        /// The least that one takes.
        package static let byteCountMin = 3

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Reason {
            let value = Reason(
                code: try reader.string("code"),
                text: try reader.string("text"),
                count: try reader.uvarint("count")
            )
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(code)
            writer.string(text)
            writer.uvarint(count)
        }
    }

    /// Which job.
    package struct Request: WireMessage {
        /// The job.
        package var ref: JobRef
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(ref: JobRef, tags: RequestTags = .none) {
            self.ref = ref
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_WHY.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(ref: try JobRef.decode(from: &reader))
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            ref.encode(into: &writer)
            writer.requestSection(tags)
        }
    }

    /// The reasons.
    package struct Response: WireMessage {
        /// The reasons.
        package var reasons: [Reason]

        /// Makes it.
        package init(reasons: [Reason]) {
            self.reasons = reasons
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_WHY.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(reasons: try reader.list("reasons", of: Reason.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(reasons)
            writer.emptySection()
        }
    }
}
