// SPDX-License-Identifier: Apache-2.0
// Reelwork: LOG_LEVEL

package import ReelworkCore

/// Sets a logger's level (method 047).
package enum LogLevel: WireCall {
    /// The method.
    package static let method = Method.logLevel

    /// Which logger, and which level.
    package struct Request: WireMessage {
        /// The logger; empty = all.
        package var logger: String
        /// `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`.
        package var level: String
        /// Why, for the history and the log.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(logger: String, level: String, reason: String, tags: RequestTags = .none) {
            self.logger = logger
            self.level = level
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LOG_LEVEL.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                logger: try reader.string("logger"),
                level: try reader.string("level"),
                reason: try reader.string("reason")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(logger)
            writer.string(level)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }

    /// The level before.
    package struct Response: WireMessage {
        /// The level before.
        package var previous: String

        /// Makes it.
        package init(previous: String) {
            self.previous = previous
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LOG_LEVEL.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(previous: try reader.string("previous"))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(previous)
            writer.emptySection()
        }
    }
}
