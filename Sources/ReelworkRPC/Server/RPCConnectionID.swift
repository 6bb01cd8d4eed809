// SPDX-License-Identifier: Apache-2.0
// Reelwork: the name of a connection within a process.

/// Names a connection: never 0, never used again in a process.
package struct RPCConnectionID: Hashable, Sendable {
    /// The number; its low bits say which event loop the connection lives on.
    package var rawValue: UInt64

    /// Takes a number that another part kept.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Bits of the number that name the loop.
    static let loopBits: UInt64 = 8

    init(serial: UInt64, loop: Int) {
        rawValue = serial << RPCConnectionID.loopBits | UInt64(clamping: loop)
    }

    var loop: Int { Int(rawValue & (1 << RPCConnectionID.loopBits - 1)) }
}
