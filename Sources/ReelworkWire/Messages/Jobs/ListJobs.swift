// SPDX-License-Identifier: Apache-2.0
// Reelwork: LIST_JOBS

package import ReelworkCore

/// Lists jobs, a page at a time (method 012).
package enum ListJobs: WireCall {
    /// The method.
    package static let method = Method.listJobs

    /// Which jobs, and from where.
    package struct Request: WireMessage {
        /// Only these states; empty = all.
        package var states: [JobState]
        /// Only this queue; nil = all.
        package var queue: JobQueue?
        /// Only jobs of this worker; empty = all.
        package var worker: String
        /// Most jobs in the answer; 0 = the default of the server.
        package var limit: UInt64
        /// Where the last page ended; nil = from the start.
        package var cursor: [UInt8]?
        /// How much of each.
        package var detail: JobDetail
        /// The lowest number first; otherwise the highest.
        package var isOldestFirst: Bool
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            states: [JobState],
            queue: JobQueue?,
            worker: String,
            limit: UInt64,
            cursor: [UInt8]?,
            detail: JobDetail,
            isOldestFirst: Bool = false,
            tags: RequestTags = .none
        ) {
            self.states = states
            self.queue = queue
            self.worker = worker
            self.limit = limit
            self.cursor = cursor
            self.detail = detail
            self.isOldestFirst = isOldestFirst
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LIST_JOBS.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                states: try reader.states("states"),
                queue: try reader.knownOrNone("queue", as: JobQueue.self),
                worker: try reader.string("worker"),
                limit: try reader.pageLimit(),
                cursor: try reader.optionalBlob("cursor"),
                detail: try reader.known("view", else: .short)
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.isOldestFirst = true
                default: try reader.requestTag(tag, &value.tags)
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.states(states)
            writer.u8(queue?.rawValue ?? 0)
            writer.string(worker)
            writer.uvarint(limit)
            writer.optionalBlob(cursor)
            writer.u8(detail.rawValue)
            var section = writer.openSection(tags)
            writer.tag(&section, 16, flag: isOldestFirst)
            writer.close(section)
        }
    }

    /// A page of jobs.
    package struct Response: WireMessage {
        /// The jobs, by number.
        package var jobs: [JobView]
        /// For the next page; nil = that was all.
        package var cursor: [UInt8]?

        /// Makes it.
        package init(jobs: [JobView], cursor: [UInt8]?) {
            self.jobs = jobs
            self.cursor = cursor
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LIST_JOBS.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                jobs: try reader.list("jobs", of: JobView.self),
                cursor: try reader.optionalBlob("cursor")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(jobs)
            writer.optionalBlob(cursor)
            writer.emptySection()
        }
    }
}
