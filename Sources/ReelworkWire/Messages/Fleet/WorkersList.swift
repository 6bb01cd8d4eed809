// SPDX-License-Identifier: Apache-2.0
// Reelwork: WORKERS_LIST

package import ReelworkCore

/// Lists workers (method 030).
package enum WorkersList: WireCall {
    /// The method.
    package static let method = Method.workersList

    /// How much of a worker is shown.
    package enum Detail: UInt8, CaseIterable, Hashable, Sendable {
        /// Without its engines.
        case short = 0
        /// All of it.
        case withEngines = 1
    }

    /// Which workers, and from where.
    package struct Request: WireMessage {
        /// Only this worker; empty = all.
        package var name: String
        /// How much of each.
        package var detail: Detail
        /// Where the last page ended; nil = from the start.
        package var cursor: [UInt8]?
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(name: String, detail: Detail, cursor: [UInt8]?, tags: RequestTags = .none) {
            self.name = name
            self.detail = detail
            self.cursor = cursor
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WORKERS_LIST.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                name: try reader.string("name"),
                detail: try reader.known("view", else: .short),
                cursor: try reader.optionalBlob("cursor")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.u8(detail.rawValue)
            writer.optionalBlob(cursor)
            writer.requestSection(tags)
        }
    }

    /// A page of workers.
    package struct Response: WireMessage {
        /// The workers, by name.
        package var workers: [WorkerView]
        /// For the next page; nil = that was all.
        package var cursor: [UInt8]?

        /// Makes it.
        package init(workers: [WorkerView], cursor: [UInt8]?) {
            self.workers = workers
            self.cursor = cursor
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WORKERS_LIST.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                workers: try reader.list("workers", of: WorkerView.self),
                cursor: try reader.optionalBlob("cursor")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(workers)
            writer.optionalBlob(cursor)
            writer.emptySection()
        }
    }
}
