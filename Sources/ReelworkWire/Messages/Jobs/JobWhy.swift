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

    /// A worker that was considered.
    package struct Considered: WireItem {
        /// Its name.
        package var name: String
        /// A word for programs.
        package var code: String
        /// A sentence for people.
        package var text: String

        /// Makes it.
        package init(name: String, code: String, text: String) {
            self.name = name
            self.code = code
            self.text = text
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_WHY.workers"
        /// The least that one takes.
        package static let byteCountMin = 3

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Considered {
            let value = Considered(
                name: try reader.string("name"),
                code: try reader.string("code"),
                text: try reader.string("text")
            )
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.string(code)
            writer.string(text)
        }
    }

    /// The reasons.
    package struct Response: WireMessage {
        /// The reasons.
        package var reasons: [Reason]
        /// Its rank; nil where it does not wait.
        package var rank: Int64?
        /// Its place among the waiting jobs of its tenant; 1 is the next.
        package var place: UInt64?
        /// When anything can change by itself.
        package var nextAt: Timestamp?
        /// The workers that were considered.
        package var workers: [Considered] = []
        /// There are more workers than are told.
        package var isCut = false
        /// Its place is the told one or a later.
        package var isPlaceAtLeast = false
        /// The job.
        package var number: JobNumber?
        /// Where it stands.
        package var state: OpenEnum<JobState>?

        /// Makes it.
        package init(reasons: [Reason]) {
            self.reasons = reasons
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_WHY.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            var value = Response(reasons: try reader.list("reasons", of: Reason.self))
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.rank = try reader.svarint("#16 rank")
                case 17: value.place = try reader.uvarint("#17 place")
                case 18: value.nextAt = try reader.timestamp("#18 next_at")
                case 19: value.workers = try reader.list("#19 workers", of: Considered.self)
                case 20: value.isCut = true
                case 21: value.isPlaceAtLeast = true
                case 22: value.number = try reader.jobNumber("#22 number")
                case 23: value.state = try reader.open("#23 state", as: JobState.self)
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(reasons)
            var section = writer.openSection()
            writer.tag(&section, 16, svarint: rank)
            writer.tag(&section, 17, uvarint: place)
            writer.tag(&section, 18, timestamp: nextAt)
            writer.tag(&section, 19, list: workers)
            writer.tag(&section, 20, flag: isCut)
            writer.tag(&section, 21, flag: isPlaceAtLeast)
            writer.tag(&section, 22, uvarint: number?.rawValue)
            writer.tag(&section, 23, u8: state?.rawValue)
            writer.close(section)
        }
    }
}
