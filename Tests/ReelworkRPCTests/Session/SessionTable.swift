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
        "secured": ["preface", "hello", "auth", "ready", "soon", "leaving", over],
        "untrusted": [silent, silent, silent, lost, lost, lost, over],
        "request": [
            silent,
            said,
            said,
            "ready deliverRequest",
            "soon deliverRequest",
            "leaving",
            over,
        ],
        "response": [
            silent,
            said,
            said,
            "ready deliverAnswer",
            "soon deliverAnswer",
            "leaving deliverAnswer",
            over,
        ],
        "failure": [silent, silent, silent, "ready failed", "soon failed", "leaving failed", over],
        "connectionFailure": [silent, silent, silent, lost, lost, lost, over],
        "cancel": [
            silent,
            said,
            said,
            "ready deliverCancel",
            "soon deliverCancel",
            "leaving deliverCancel",
            over,
        ],
        "news": [
            silent,
            said,
            said,
            "ready deliverNews",
            "soon deliverNews",
            "leaving deliverNews",
            over,
        ],
        "ping": [silent, said, said, "ready sendPong", "soon sendPong", "leaving sendPong", over],
        "pong": [silent, said, said, "ready", "leaving sendGoAway", "leaving", over],
        "ignored": [silent, said, said, "ready", "soon", "leaving", over],
        "goaway": [
            silent,
            said,
            said,
            "ready deliverGoAway failed",
            "soon deliverGoAway failed",
            "leaving deliverGoAway failed",
            over,
        ],
        "refused": [silent, said, said, "ready sendError", "soon sendError", "leaving", over],
        "broken": [silent, said, said, broken, broken, broken, over],
        "garbage": [silent, silent, silent, lost, lost, lost, over],
        "malformed": [silent, said, said, broken, broken, broken, over],
        "respond": [
            "preface",
            "hello",
            "auth",
            "ready sendBody",
            "soon sendBody",
            "leaving sendBody",
            over,
        ],
        "fail": [
            "preface",
            "hello",
            "auth",
            "ready sendError",
            "soon sendError",
            "leaving sendError",
            over,
        ],
        "tell": [
            "preface",
            "hello",
            "auth",
            "ready sendBody",
            "soon sendBody",
            "leaving sendBody",
            over,
        ],
        "ask": [
            "preface failed",
            "hello failed",
            "auth failed",
            "ready sendBody",
            "soon failed",
            "leaving failed",
            "closed failed",
        ],
        "giveUp": [
            "preface",
            "hello",
            "auth",
            "ready sendCancel",
            "soon sendCancel",
            "leaving sendCancel",
            over,
        ],
        "leave": [silent, silent, silent, "soon sendGoAway sendPing", "soon", "leaving", over],
        "leaveNow": [
            silent,
            silent,
            silent,
            "closed sendGoAway failed explain close",
            lost,
            lost,
            over,
        ],
        "end": [silent, said, said, broken, broken, broken, over],
        "time": [silent, said, said, lost, "leaving sendGoAway", lost, over],
        "stalled": [silent, silent, silent, lost, lost, lost, over],
        "unsent": [
            "preface",
            "hello",
            "auth",
            "ready failed",
            "soon failed",
            "leaving failed",
            over,
        ],
        "ended": [silent, silent, silent, lost, lost, lost, over],
    ]

    /// The handshake, from the client's side.
    private static let client: [String: [String]] = [
        "clientPreface": [silent, said, said, broken, broken, broken, over],
        "serverPreface": [
            "hello awaitHelloAck sendHello",
            said,
            said,
            broken,
            broken,
            broken,
            over,
        ],
        "hello": [silent, said, said, broken, broken, broken, over],
        "helloAck": [
            silent, "ready open opened", said, broken, broken, broken, over,
        ],
        "auth": [silent, said, said, broken, broken, broken, over],
        "authOK": [silent, said, "ready open opened", broken, broken, broken, over],
        "judged": ["preface", "hello", "auth", "ready", "soon", "leaving", over],
        "rejected": ["preface", "hello", "auth", "ready", "soon", "leaving", over],
    ]

    /// The handshake, from the server's side.
    private static let server: [String: [String]] = [
        "clientPreface": [
            "hello sendPreface awaitHello", said, said, broken, broken, broken, over,
        ],
        "serverPreface": [silent, said, said, broken, broken, broken, over],
        "hello": [
            silent, "ready sendHelloAck open opened", said, broken, broken, broken, over,
        ],
        "auth": [silent, said, "auth judge", broken, broken, broken, over],
        "authOK": [silent, said, said, broken, broken, broken, over],
        "judged": [
            "preface", "hello", "ready sendAuthOK open opened", "ready", "soon", "leaving", over,
        ],
        "rejected": ["preface", "hello", said, "ready", "soon", "leaving", over],
        "helloAck": [silent, said, said, broken, broken, broken, over],
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
