// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a session keeps to.

import ReelworkCore

/// What a session keeps to; the defaults are the specification's.
package struct SessionConfiguration: Hashable, Sendable {
    /// Largest body; the smaller of both sides' holds.
    package var frameBytesMax = Limits.frameBytesMax
    /// Open requests a direction; the smaller of both sides' holds.
    package var requestsInFlightMax = Limits.requestsInFlightMax
    /// Whether zlib is offered and chosen.
    package var isCompressionAllowed = true
    /// Time for the preface.
    package var prefaceTime = Limits.prefaceTime
    /// Time for the whole handshake.
    package var handshakeTime = Limits.handshakeTime
    /// A silent peer is asked after this.
    package var keepaliveIdle = Limits.keepaliveIdle
    /// A silent peer is dead after this.
    package var keepaliveDead = Limits.keepaliveDead
    /// Bytes waiting for the peer beyond which its owner is told to pause.
    package var outboundBytesPause = Limits.outboundBytesPause
    /// Bytes waiting beyond which it is closed.
    package var outboundBytesMax = Limits.outboundBytesMax
    /// Bytes waiting without progress for this long close it.
    package var outboundStallMax = Limits.outboundStallMax
    /// Time for a body once its header has come, before its length is counted.
    package var bodyTime = Limits.bodyTime

    /// Takes the specification's defaults.
    package init() {}
}
