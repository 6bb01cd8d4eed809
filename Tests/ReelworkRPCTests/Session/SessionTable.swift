// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a session does in every state with every event.

import ReelworkRPC

/// State after and actions, for each event in the states of ``SessionState/allCases`` in order.
enum SessionTable {
    /// The state after, then the actions by name.
    private static let silent = "closed explain close"
    private static let said = "closed sendError explain close"
    private static let broken = "closed sendError failed explain close"
    private static let lost = "closed failed explain close"
    private static let over = "closed"

    /// What holds for both sides.
    private static let both: [String: [String]] = [
        "auth": [silent, said, broken, broken, broken, over],
        "request": [silent, said, "ready deliverRequest", "soon deliverRequest", "leaving", over],
        "response": [
            silent,
            said,
            "ready deliverAnswer",
            "soon deliverAnswer",
            "leaving deliverAnswer",
            over,
        ],
        "failure": [silent, silent, "ready failed", "soon failed", "leaving failed", over],
        "connectionFailure": [silent, silent, lost, lost, lost, over],
        "cancel": [
            silent,
            said,
            "ready deliverCancel",
            "soon deliverCancel",
            "leaving deliverCancel",
            over,
        ],
        "news": [
            silent,
            said,
            "ready deliverNews",
            "soon deliverNews",
            "leaving deliverNews",
            over,
        ],
        "ping": [silent, said, "ready sendPong", "soon sendPong", "leaving sendPong", over],
        "pong": [silent, said, "ready", "leaving sendGoAway", "leaving", over],
        "goaway": [
            silent,
            said,
            "ready deliverGoAway failed",
            "soon deliverGoAway failed",
            "leaving deliverGoAway failed",
            over,
        ],
        "refused": [silent, said, "ready sendError", "soon sendError", "leaving", over],
        "broken": [silent, said, broken, broken, broken, over],
        "garbage": [silent, silent, lost, lost, lost, over],
        "malformed": [silent, said, broken, broken, broken, over],
        "respond": [
            "preface",
            "hello",
            "ready sendBody",
            "soon sendBody",
            "leaving sendBody",
            over,
        ],
        "fail": [
            "preface",
            "hello",
            "ready sendError",
            "soon sendError",
            "leaving sendError",
            over,
        ],
        "tell": ["preface", "hello", "ready sendBody", "soon sendBody", "leaving sendBody", over],
        "ask": [
            "preface failed",
            "hello failed",
            "ready sendBody",
            "soon failed",
            "leaving failed",
            "closed failed",
        ],
        "giveUp": [
            "preface",
            "hello",
            "ready sendCancel",
            "soon sendCancel",
            "leaving sendCancel",
            over,
        ],
        "leave": [silent, silent, "soon sendGoAway sendPing", "soon", "leaving", over],
        "leaveNow": [silent, silent, "closed sendGoAway failed explain close", lost, lost, over],
        "end": [silent, said, broken, broken, broken, over],
        "time": [silent, said, lost, "leaving sendGoAway", lost, over],
        "stalled": [silent, silent, lost, lost, lost, over],
        "unsent": ["preface", "hello", "ready failed", "soon failed", "leaving failed", over],
        "ended": [silent, silent, lost, lost, lost, over],
    ]

    /// The handshake, from the client's side.
    private static let client: [String: [String]] = [
        "clientPreface": [silent, said, broken, broken, broken, over],
        "serverPreface": ["hello awaitHelloAck sendHello", said, broken, broken, broken, over],
        "hello": [silent, said, broken, broken, broken, over],
        "helloAck": [silent, "ready open opened", broken, broken, broken, over],
    ]

    /// The handshake, from the server's side.
    private static let server: [String: [String]] = [
        "clientPreface": ["hello sendPreface awaitHello", said, broken, broken, broken, over],
        "serverPreface": [silent, said, broken, broken, broken, over],
        "hello": [silent, "ready sendHelloAck open opened", broken, broken, broken, over],
        "helloAck": [silent, said, broken, broken, broken, over],
    ]

    /// One cell; nil where it is not written down.
    static func cell(_ side: SessionSide, _ state: SessionState, _ event: String) -> String? {
        let rows = side == .client ? client : server
        guard let row = both[event] ?? rows[event],
            let index = SessionState.allCases.firstIndex(of: state), row.indices.contains(index)
        else { return nil }
        return row[index]
    }
}
