// SPDX-License-Identifier: Apache-2.0
// Reelwork: where an answer goes

package import ReelworkCore

/// Where an answer goes: a connection and the request on it.
///
/// The scheduler only carries it.
package struct RequestTag: Hashable, Sendable {
    /// The connection, by the daemon's own count.
    package var connection: UInt64
    /// The request's id on that connection.
    package var request: UInt32
    /// The request's method.
    package var method: Method

    /// Makes a tag.
    package init(connection: UInt64, request: UInt32, method: Method) {
        self.connection = connection
        self.request = request
        self.method = method
    }
}
