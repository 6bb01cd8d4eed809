// SPDX-License-Identifier: Apache-2.0
// Reelwork: one thing to send to a peer.

package import ReelworkCore
package import ReelworkWire

/// One thing to send: made on any thread, encoded on the connection's loop.
package struct RPCDelivery: Sendable {
    /// What is sent.
    package enum Content: Sendable {
        /// The answer to a request.
        case response(FrameBody, request: UInt32)
        /// The answer to a request that failed.
        ///
        /// Boxed: the request's id must not lie in the padding of the error (Decisions,
        /// "No id lies in the padding of an error").
        indirect case error(ErrorMessage, method: Method, request: UInt32)
        /// News.
        case event(FrameBody, request: UInt32, isDroppable: Bool)
        /// A request of this side.
        case request(FrameBody, tag: UInt64)
        /// Nothing for the peer: asks when there is room for more.
        case probe
        /// Nothing for the peer: given back when what was sent before has left.
        case ticket(DeliveryTicket)
        /// The end of a connection.
        case close(ErrorMessage)
        /// Nothing is sent: the connection is not read on, or is again.
        case reading(isHeld: Bool)
    }

    /// Whom it is for; one that is gone loses it without a word.
    package let connection: RPCConnectionID
    /// What is sent.
    package let content: Content

    /// The answer to a request; dropped where the request is answered already.
    ///
    /// One that is larger than was agreed becomes ERROR FRAME_TOO_LARGE.
    package static func response<C: WireCall>(
        _ call: C.Type,
        _ response: C.Response,
        to connection: RPCConnectionID,
        request: UInt32
    ) -> RPCDelivery {
        let body = FrameBody(response: response, of: C.self)
        return RPCDelivery(connection: connection, content: .response(body, request: request))
    }

    /// The answer to a request that failed.
    package static func error(
        _ error: ErrorMessage,
        method: Method,
        to connection: RPCConnectionID,
        request: UInt32
    ) -> RPCDelivery {
        let content = Content.error(error, method: method, request: request)
        return RPCDelivery(connection: connection, content: content)
    }

    /// News; `request` is the open request that it belongs to, or 0 for the connection.
    ///
    /// A droppable one is dropped while ``Limits/outboundBytesSoft`` wait.
    package static func event<E: WireEvent>(
        _ news: E.Type,
        _ event: E.Event,
        to connection: RPCConnectionID,
        request: UInt32 = 0,
        isDroppable: Bool = false
    ) -> RPCDelivery {
        let content = Content.event(
            FrameBody(event: event, of: E.self),
            request: request,
            isDroppable: isDroppable
        )
        return RPCDelivery(connection: connection, content: content)
    }

    /// A request of this side; what comes of it is reported with `tag`.
    package static func request<C: WireCall>(
        _ call: C.Type,
        _ request: C.Request,
        to connection: RPCConnectionID,
        tag: UInt64 = 0
    ) -> RPCDelivery {
        let body = FrameBody(request: request, of: C.self)
        return RPCDelivery(connection: connection, content: .request(body, tag: tag))
    }

    /// Stops reading what the peer sends, or goes on: for an owner that may not refuse and has no
    /// room.
    ///
    /// What was read already still comes. A peer that is held does not count as silent.
    package static func reading(
        isHeld: Bool,
        on connection: RPCConnectionID
    ) -> RPCDelivery {
        RPCDelivery(connection: connection, content: .reading(isHeld: isHeld))
    }

    /// Asks to be told by ``RPCServerDelegate/roomy(_:)`` when what was sent before has left so far
    /// that less than ``Limits/outboundBytesSoft`` waits: at once, or when the peer has read.
    package static func probe(_ connection: RPCConnectionID) -> RPCDelivery {
        RPCDelivery(connection: connection, content: .probe)
    }

    /// Follows what was sent before on its way to the peer: see ``DeliveryTicket``.
    package static func ticket(
        _ ticket: DeliveryTicket,
        _ connection: RPCConnectionID
    ) -> RPCDelivery {
        RPCDelivery(connection: connection, content: .ticket(ticket))
    }

    /// The end of a connection: ERROR on the connection, then close.
    package static func close(
        _ code: ResultCode,
        detail: String,
        retryAfter: Duration = .zero,
        to connection: RPCConnectionID
    ) -> RPCDelivery {
        let error = ErrorMessage(code, retryAfter: retryAfter, detail: detail)
        return RPCDelivery(connection: connection, content: .close(error))
    }
}
