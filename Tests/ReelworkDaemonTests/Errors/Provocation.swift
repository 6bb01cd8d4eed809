// SPDX-License-Identifier: Apache-2.0
// Reelwork: how an error is provoked, and what it must say

import ReelworkCore
import ReelworkWire
import Testing

/// How a code is provoked through a real socket, and what its text must name.
struct Provocation: Sendable, CustomTestStringConvertible {
    /// What a server said.
    struct Said: Sendable {
        var code: ResultCode?
        var detail: String
        /// Whether the connection is over then.
        var isClosed = false

        /// An ERROR frame; closes where its request id is 0.
        init(_ frame: (header: FrameHeader, body: [UInt8])) throws {
            let body = frame.body
            let message = try ErrorMessage.decode(body.span.bytes)
            code = message.code.value
            detail = message.detail
            isClosed = frame.header.requestID == 0
        }

        /// An item's result.
        init(_ result: ItemResult) {
            code = result.code.value
            detail = result.detail ?? ""
        }

        /// A submission's result.
        init(_ result: SubmitResult) {
            code = result.code.value
            detail = result.detail ?? ""
        }

        /// A farewell.
        init(_ message: GoAway) {
            code = message.code.value
            detail = ""
        }
    }

    /// The code.
    let code: ResultCode
    /// What the text must name: what was expected, what came, and where.
    let words: [String]
    /// Whether the server is gone afterwards, so that no other connection can go on.
    let endsServer: Bool
    /// Provokes it.
    let run: @Sendable (ErrorScene) async throws -> Said

    init(
        _ code: ResultCode,
        _ words: [String] = [],
        endsServer: Bool = false,
        run: @escaping @Sendable (ErrorScene) async throws -> Said
    ) {
        self.code = code
        self.words = words
        self.endsServer = endsServer
        self.run = run
    }

    var testDescription: String { code.name }

    /// Every code that can be provoked.
    static let all = connection + requests + submissions + changes + reports

    /// Codes that this server never gives, and why.
    static let never: [ResultCode: String] = [
        .authRequired: "asked for over TLS alone: SessionAuthTests and the tests of `auth`",
        .authFailed: "asked for over TLS alone: SessionAuthTests and the tests of `auth`",
        .denied: "who may connect to a Unix socket may do all that its family has; strangers get "
            + "preface status 4 (BadBytesTests), certificates and tokens have permissions",
        .quota: "version 1 has no quota of a tenant but its cap on running jobs",
    ]
}
