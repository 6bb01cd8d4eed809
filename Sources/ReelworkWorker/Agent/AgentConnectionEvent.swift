// SPDX-License-Identifier: Apache-2.0
// Reelwork: what comes from a scheduler unasked

package import ReelworkCore

/// What comes from a scheduler unasked, and the end of a connection.
package enum AgentConnectionEvent: Sendable {
    /// ASSIGN.
    case assigned(firstIndex: UInt64, [Assignment])
    /// REVOKE.
    case revoked([Revocation])
    /// INVENTORY, to be answered under the request's number.
    case inventoryAsked(request: UInt32)
    /// LOG_READ, to be answered under the request's number.
    case logAsked(request: UInt32, number: JobNumber, attempt: AttemptNumber, offset: UInt64)
    /// The connection is over; the last event.
    case closed(AgentTransportError?)
}
