// SPDX-License-Identifier: Apache-2.0
// Reelwork: bodies that wait to be encoded.

internal import ReelworkCore
internal import ReelworkWire

/// A body that waits to be encoded on its connection's loop.
protocol FrameBody: Sendable {
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
struct RequestBody<Call: WireCall>: FrameBody {
    let request: Call.Request

    var kind: FrameKind { .request }
    var methodField: UInt16 { FrameHeader.field(Call.method) }

    func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        try encoder.appendRequest(Call.self, request, id: id, &deflater)
    }
}

/// A RESPONSE.
struct ResponseBody<Call: WireCall>: FrameBody {
    let response: Call.Response

    var kind: FrameKind { .response }
    var methodField: UInt16 { FrameHeader.field(Call.method) }

    func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        try encoder.appendResponse(Call.self, response, id: id, &deflater)
    }
}

/// An EVENT.
struct EventBody<News: WireEvent>: FrameBody {
    let event: News.Event

    var kind: FrameKind { .event }
    var methodField: UInt16 { FrameHeader.field(News.method) }

    func append(
        to encoder: inout FrameEncoder,
        id: UInt32,
        _ deflater: inout Deflater
    ) throws(FrameError) {
        try encoder.appendEvent(News.self, event, id: id, &deflater)
    }
}
