// SPDX-License-Identifier: Apache-2.0
// Reelwork: WORKER_SET

package import ReelworkCore

/// Drains, resumes or removes a worker (method 031).
package enum WorkerSet: WireCall {
    /// The method.
    package static let method = Method.workerSet

    /// What to do with a worker.
    package enum Action: UInt8, CaseIterable, Hashable, Sendable {
        /// It is given nothing more.
        case drain = 1
        /// It takes work again.
        case resume = 2
        /// It is forgotten, and its jobs go to retrying.
        case remove = 3
    }

    /// Which worker, and what to do.
    package struct Request: WireMessage {
        /// The worker.
        package var name: String
        /// What to do.
        package var action: Action
        /// Why, for the history and the log.
        package var reason: String
        /// With drain: what has not ended by then is handed back.
        package var within: Duration?
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            name: String,
            action: Action,
            reason: String,
            within: Duration? = nil,
            tags: RequestTags = .none
        ) {
            self.name = name
            self.action = action
            self.reason = reason
            self.within = within
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WORKER_SET.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                name: try reader.string("name"),
                action: try reader.known("action", else: .drain),
                reason: try reader.string("reason")
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.within = try reader.duration("#16 within")
                default: try reader.requestTag(tag, &value.tags)
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.u8(action.rawValue)
            writer.string(reason)
            var section = writer.openSection(tags)
            writer.tag(&section, 16, duration: within)
            writer.close(section)
        }
    }

    /// What came of it.
    package struct Response: WireMessage {
        /// Exactly one.
        package var results: [ItemResult]
        /// Attempts that the worker still holds.
        package var open: UInt64

        /// Makes it.
        package init(results: [ItemResult], open: UInt64) {
            self.results = results
            self.open = open
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WORKER_SET.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                results: try reader.list("results", of: ItemResult.self),
                open: try reader.uvarint("open")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(results)
            writer.uvarint(open)
            writer.emptySection()
        }
    }
}
