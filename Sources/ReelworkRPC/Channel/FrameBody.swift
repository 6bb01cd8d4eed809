// SPDX-License-Identifier: Apache-2.0
// Reelwork: bodies that wait to be encoded.

package import ReelworkCore
package import ReelworkWire

/// A body that waits to be encoded on its connection's loop.
package protocol FrameBody: Sendable {
    /// What kind of frame it becomes.
    var kind: FrameKind { get }
    /// Method and version as they stand in the header.
    var methodField: UInt16 { get }
    /// Appends the whole frame.
    func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError)
}

/// A REQUEST.
package struct RequestBody<Call: WireCall>: FrameBody {
    /// The body.
    package let request: Call.Request

    /// Takes a body.
    package init(request: Call.Request) {
        self.request = request
    }

    /// What kind of frame it becomes.
    package var kind: FrameKind { .request }
    /// Method and version as they stand in the header.
    package var methodField: UInt16 { FrameHeader.field(Call.method) }

    /// Appends the whole frame.
    package func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        try encoder.appendRequest(Call.self, request, id: id, &deflater)
    }
}

/// A RESPONSE.
package struct ResponseBody<Call: WireCall>: FrameBody {
    /// The body.
    package let response: Call.Response

    /// Takes a body.
    package init(response: Call.Response) {
        self.response = response
    }

    /// What kind of frame it becomes.
    package var kind: FrameKind { .response }
    /// Method and version as they stand in the header.
    package var methodField: UInt16 { FrameHeader.field(Call.method) }

    /// Appends the whole frame.
    package func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        try encoder.appendResponse(Call.self, response, id: id, &deflater)
    }
}

/// An EVENT.
package struct EventBody<News: WireEvent>: FrameBody {
    /// The body.
    package let event: News.Event

    /// Takes a body.
    package init(event: News.Event) {
        self.event = event
    }

    /// What kind of frame it becomes.
    package var kind: FrameKind { .event }
    /// Method and version as they stand in the header.
    package var methodField: UInt16 { FrameHeader.field(News.method) }

    /// Appends the whole frame.
    package func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        try encoder.appendEvent(News.self, event, id: id, &deflater)
    }
}
