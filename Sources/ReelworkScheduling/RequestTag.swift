// SPDX-License-Identifier: Apache-2.0
// Reelwork: where an answer goes

/// Where an answer goes: a connection and the request on it.
///
/// The scheduler only carries it.
package struct RequestTag: Hashable, Sendable {
    /// The connection, by the daemon's own count.
    package var connection: UInt64
    /// The request's id on that connection.
    package var request: UInt32

    /// Makes a tag.
    package init(connection: UInt64, request: UInt32) {
        self.connection = connection
        self.request = request
    }
}
