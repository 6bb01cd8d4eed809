// SPDX-License-Identifier: Apache-2.0
// Reelwork: CREDIT

package import ReelworkCore

/// A worker says how much it takes (method 022).
package enum Credit: WireEvent {
    /// The method.
    package static let method = Method.credit

    /// How many assignments are allowed.
    package struct Event: WireMessage {
        /// Assignments allowed in this session from its start; a lower one is ignored.
        package var assignLimit: UInt64
        /// Whether the worker wants to end; nil = as before.
        package var isDraining: Bool?

        /// Makes it.
        package init(assignLimit: UInt64, isDraining: Bool? = nil) {
            self.assignLimit = assignLimit
            self.isDraining = isDraining
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "CREDIT.event"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Event {
            var value = Event(assignLimit: try reader.uvarint("assign_limit"))
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.isDraining = try reader.openBool("#16 draining")
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(assignLimit)
            var section = writer.openSection()
            writer.tag(&section, 16, u8: isDraining.map { $0 ? 1 : 0 })
            writer.close(section)
        }
    }
}
