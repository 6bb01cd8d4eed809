// SPDX-License-Identifier: Apache-2.0
// Reelwork: bodies that say nothing

/// An answer that says nothing but that it is done.
package struct EmptyAnswer: WireMessage {
    /// The name in the specification, for errors.
    package static let wireName: StaticString = "RESPONSE"

    /// Makes the answer.
    package init() {}

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> EmptyAnswer {
        try reader.skipSection()
        return EmptyAnswer()
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.emptySection()
    }
}
