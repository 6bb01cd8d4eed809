// SPDX-License-Identifier: Apache-2.0
// Reelwork: GOAWAY

package import ReelworkCore

/// Says that the sender will close; it ends a connection, never an attempt.
package struct GoAway: WireMessage {
    /// Requests above it are not looked at; ``lastUnknown`` = not known yet.
    package var lastRequestID: UInt32
    /// Why.
    package var code: OpenEnum<ResultCode>
    /// The sender closes after this at the latest.
    package var drain: Duration
    /// Other endpoints; always empty in version 1.
    package var alternates: [String]

    /// The number of the first of two farewells.
    package static let lastUnknown = UInt32.max

    /// Makes a farewell.
    package init(
        lastRequestID: UInt32,
        code: ResultCode,
        drain: Duration,
        alternates: [String] = []
    ) {
        self.lastRequestID = lastRequestID
        self.code = .known(code)
        self.drain = drain
        self.alternates = alternates
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "GOAWAY"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> GoAway {
        let last = try reader.uvarint("last_request_id", as: UInt32.self)
        let code = try reader.code("code")
        var message = GoAway(
            lastRequestID: last,
            code: .ok,
            drain: try reader.duration("drain"),
            alternates: try reader.strings("alternates")
        )
        message.code = code
        try reader.skipSection()
        return message
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.uvarint(UInt64(lastRequestID))
        writer.code(code)
        writer.duration(drain)
        writer.strings(alternates)
        writer.emptySection()
    }
}
