// SPDX-License-Identifier: Apache-2.0
// Reelwork: a frame that was made on another thread.

internal import NIOCore

/// A frame that was made on another thread than its connection's loop: encoded, compressed where
/// that was worth it, and cut into the pieces that the transport is given.
package final class PrintedFrame: Sendable {
    let pieces: [ByteBuffer]

    init(_ pieces: [ByteBuffer]) {
        self.pieces = pieces
    }
}
