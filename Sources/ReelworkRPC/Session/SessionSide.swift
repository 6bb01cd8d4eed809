// SPDX-License-Identifier: Apache-2.0
// Reelwork: the two ends of a connection.

/// The two ends of a connection.
package enum SessionSide: CaseIterable, Hashable, Sendable {
    /// The side that connected; its request ids are odd.
    case client
    /// The scheduler; its request ids are even.
    case server

    /// The other end.
    var other: SessionSide {
        switch self {
        case .client: .server
        case .server: .client
        }
    }

    /// The lowest request id of this side.
    var firstID: UInt32 {
        switch self {
        case .client: 1
        case .server: 2
        }
    }

    /// Whether a request id is one that this side makes.
    func makes(_ id: UInt32) -> Bool {
        id != 0 && (id % 2 == 1) == (self == .client)
    }
}
