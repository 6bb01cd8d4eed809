// SPDX-License-Identifier: Apache-2.0
// Reelwork: LOOP_SET

package import ReelworkCore

/// Starts, stops or runs a loop (method 043).
package enum LoopSet: WireCall {
    /// The method.
    package static let method = Method.loopSet
    /// The answer.
    package typealias Response = ItemResults

    /// What to do with a loop.
    package enum Action: UInt8, CaseIterable, Hashable, Sendable {
        /// It runs at its interval.
        case start = 1
        /// It runs no more.
        case stop = 2
        /// It runs once, now.
        case run = 3
    }

    /// Which loop, and what to do.
    package struct Request: WireMessage {
        /// The loop.
        package var name: String
        /// What to do.
        package var action: Action
        /// Why, for the history and the log.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(name: String, action: Action, reason: String, tags: RequestTags = .none) {
            self.name = name
            self.action = action
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LOOP_SET.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                name: try reader.string("name"),
                action: try reader.known("action", else: .start),
                reason: try reader.string("reason")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.u8(action.rawValue)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }
}
