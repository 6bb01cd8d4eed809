// SPDX-License-Identifier: Apache-2.0
// Reelwork: INVENTORY

package import ReelworkCore

/// The scheduler asks what a worker holds (method 026).
package enum Inventory: WireCall {
    /// The method.
    package static let method = Method.inventory
    /// A request without fields.
    package typealias Request = EmptyRequest

    /// What the worker has open.
    package struct Response: WireMessage {
        /// Assignments received in this session.
        package var assignedSeen: UInt64
        /// The open set.
        package var held: [HeldAttempt]

        /// Makes it.
        package init(assignedSeen: UInt64, held: [HeldAttempt]) {
            self.assignedSeen = assignedSeen
            self.held = held
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "INVENTORY.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                assignedSeen: try reader.uvarint("assigned_seen"),
                held: try reader.list("held", of: HeldAttempt.self)
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(assignedSeen)
            writer.list(held)
            writer.emptySection()
        }
    }
}
