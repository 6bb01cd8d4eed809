// SPDX-License-Identifier: Apache-2.0
// Reelwork: BACKUP

package import ReelworkCore

/// Copies the store (method 045).
package enum Backup: WireCall {
    /// The method.
    package static let method = Method.backup

    /// Where to.
    package struct Request: WireMessage {
        /// An absolute path on the server; nothing may stand there.
        package var path: String
        /// Why, for the history and the log.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(path: String, reason: String, tags: RequestTags = .none) {
            self.path = path
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "BACKUP.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                path: try reader.string("path"),
                reason: try reader.string("reason")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(path)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }

    /// The copy.
    package struct Response: WireMessage {
        /// Its size.
        package var bytes: UInt64
        /// How long it took.
        package var took: Duration
        /// The hash of the copy, 32 bytes.
        package var sha256: [UInt8]

        /// Makes it.
        package init(bytes: UInt64, took: Duration, sha256: [UInt8]) {
            self.bytes = bytes
            self.took = took
            self.sha256 = sha256
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "BACKUP.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                bytes: try reader.uvarint("bytes"),
                took: try reader.duration("took"),
                sha256: try reader.blob("sha256")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(bytes)
            writer.duration(took)
            writer.blob(sha256)
            writer.emptySection()
        }
    }
}
