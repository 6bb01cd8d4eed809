// SPDX-License-Identifier: Apache-2.0
// Reelwork: a piece of an encoder's log

/// A piece of an encoder's log.
package struct AgentLogPiece: Hashable, Sendable {
    /// The place of the first byte, later than asked for where the start is gone.
    package var offset: UInt64
    /// The bytes; none where nothing is there yet.
    package var data: [UInt8]

    /// Puts them together.
    package init(offset: UInt64, data: [UInt8]) {
        self.offset = offset
        self.data = data
    }
}
