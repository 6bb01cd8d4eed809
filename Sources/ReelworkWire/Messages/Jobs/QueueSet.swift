// SPDX-License-Identifier: Apache-2.0
// Reelwork: QUEUE_SET

package import ReelworkCore

/// Pauses and resumes a queue (method 01A).
package enum QueueSet: WireCall {
    /// The method.
    package static let method = Method.queueSet
    /// The answer.
    package typealias Response = ItemResults

    /// What to do with a queue.
    package enum Action: UInt8, CaseIterable, Hashable, Sendable {
        /// Nothing of it is assigned.
        case pause = 1
        /// It goes on.
        case resume = 2
    }

    /// Which queue, and what to do.
    package struct Request: WireMessage {
        /// The queue.
        package var queue: JobQueue
        /// What to do.
        package var action: Action
        /// Why, for the history and the log.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(queue: JobQueue, action: Action, reason: String, tags: RequestTags = .none) {
            self.queue = queue
            self.action = action
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "QUEUE_SET.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                queue: try reader.known("queue", else: .standard),
                action: try reader.known("action", else: .pause),
                reason: try reader.string("reason")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.u8(queue.rawValue)
            writer.u8(action.rawValue)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }
}
