// SPDX-License-Identifier: Apache-2.0
// Reelwork: bodies that wait to be encoded.

package import ReelworkCore
package import ReelworkWire

/// A body that waits to be encoded on its connection's loop.
package struct FrameBody: Sendable {
    /// What kind of frame it becomes.
    package let kind: FrameKind
    /// Method and version as they stand in the header.
    package let methodField: UInt16
    /// What it says.
    package let message: any WireMessage
    /// The same as a frame of its connection, where another thread has made that.
    package var printed: PrintedFrame?

    /// Takes the body of a REQUEST.
    package init<Call: WireCall>(request: Call.Request, of call: Call.Type) {
        self.init(.request, Call.method, request)
    }

    /// Takes the body of a RESPONSE.
    package init<Call: WireCall>(response: Call.Response, of call: Call.Type) {
        self.init(.response, Call.method, response)
    }

    /// Takes the body of an EVENT.
    package init<News: WireEvent>(event: News.Event, of news: News.Type) {
        self.init(.event, News.method, event)
    }

    private init(_ kind: FrameKind, _ method: ReelworkCore.Method, _ message: any WireMessage) {
        self.kind = kind
        methodField = FrameHeader.field(method)
        self.message = message
    }
}
