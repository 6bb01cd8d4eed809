// SPDX-License-Identifier: Apache-2.0
// Reelwork: a request without fields

/// A request without fields of its own.
package struct EmptyRequest: WireMessage {
    /// The common tags.
    package var tags: RequestTags

    /// Makes the request.
    package init(tags: RequestTags = .none) {
        self.tags = tags
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "REQUEST"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> EmptyRequest {
        EmptyRequest(tags: try reader.requestSection())
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.requestSection(tags)
    }
}
