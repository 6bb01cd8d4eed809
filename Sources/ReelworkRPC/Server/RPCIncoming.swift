// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a frame that came is about.

package import ReelworkCore

/// What a frame that came is about: everything but its body.
package struct RPCIncoming: Hashable, Sendable {
    /// The connection.
    package var connection: RPCConnectionID
    /// The request; 0 where an event concerns the connection.
    package var requestID: UInt32
    /// The method.
    package var method: Method
    /// The schema version of the body.
    package var version: UInt8
    /// When its bytes were read.
    package var receivedAt: BootInstant
    /// With an answer: the tag that was given with the request; else 0.
    package var tag: UInt64

    /// Describes a frame.
    package init(
        connection: RPCConnectionID,
        requestID: UInt32,
        method: Method,
        version: UInt8 = 1,
        receivedAt: BootInstant,
        tag: UInt64 = 0
    ) {
        self.connection = connection
        self.requestID = requestID
        self.method = method
        self.version = version
        self.receivedAt = receivedAt
        self.tag = tag
    }
}
