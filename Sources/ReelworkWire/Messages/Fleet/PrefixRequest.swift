// SPDX-License-Identifier: Apache-2.0
// Reelwork: a request for what begins so

/// A request for what has a name that begins so.
package struct PrefixRequest: WireMessage {
    /// The beginning; empty = all.
    package var prefix: String
    /// The common tags.
    package var tags: RequestTags

    /// Makes it.
    package init(prefix: String, tags: RequestTags = .none) {
        self.prefix = prefix
        self.tags = tags
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "REQUEST"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> PrefixRequest {
        var value = PrefixRequest(prefix: try reader.string("prefix"))
        value.tags = try reader.requestSection()
        return value
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.string(prefix)
        writer.requestSection(tags)
    }
}
