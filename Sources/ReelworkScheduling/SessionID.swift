// SPDX-License-Identifier: Apache-2.0
// Reelwork: one connection of a worker

/// One registered connection of a worker; never 0, never reused in a life of the scheduler.
package struct SessionID: RawRepresentable, Hashable, Sendable {
    /// The number on the wire: the daemon's count of connections.
    package var rawValue: UInt64

    /// Makes a session id.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
