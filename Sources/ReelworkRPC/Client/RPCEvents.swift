// SPDX-License-Identifier: Apache-2.0
// Reelwork: the events of one request.

package import ReelworkWire

/// The events of one request, in order; it ends with the response or throws why there is none.
///
/// For one reader. A reader that goes away takes the request back.
package struct RPCEvents<Call: WireCall & WireEvent>: AsyncSequence, Sendable {
    let pending: PendingStream<Call>
    let events: AsyncStream<Call.Event>
    /// Keeps the connection open while somebody reads.
    let connection: RPCConnection

    /// Reads them.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let pending: PendingStream<Call>
        let connection: RPCConnection
        var source: AsyncStream<Call.Event>.Iterator

        /// The next event; nil once the response has come.
        package mutating func next() async throws(RPCError) -> Call.Event? {
            try await next(isolation: nil)
        }

        /// The next event; nil once the response has come.
        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Call.Event? {
            if let event = await source.next(isolation: actor) { return event }
            switch pending.end {
            case .success: return nil
            case .failure(let error): throw error
            case nil: throw RPCError(.canceled, "the caller gave up")
            }
        }
    }

    /// Begins to read.
    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(
            pending: pending,
            connection: connection,
            source: events.makeAsyncIterator()
        )
    }

    /// The response, once the events have ended.
    package var response: Call.Response? {
        switch pending.end {
        case .success(let response): response
        case .failure, nil: nil
        }
    }
}
