// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a load on a socket does

import ReelworkCore
import ReelworkWire

/// What a load on one socket does: how many connections ask, and how many requests each of them
/// has on its way.
struct WirePlan: Sendable {
    /// How the server's side speaks.
    enum Speech: String, Sendable {
        /// RLW/1: a HEARTBEAT and its answer.
        case rpc
        /// Bare bytes that come back.
        case echo
    }

    var path: String
    var speech: Speech
    var connections: Int
    var pipeline: Int
    var time: Duration

    /// The bytes of a request: those of a small HEARTBEAT, header included.
    static let requestBytes = FrameHeader.byteCount + body.count

    /// The body of each request.
    static let body: [UInt8] = Heartbeat.Request(assignedSeen: 1, open: 0, digest: 0).encoded
}
