// SPDX-License-Identifier: Apache-2.0
// Reelwork: REVOKE

package import ReelworkCore

/// The scheduler takes attempts back (method 025).
package enum Revoke: WireEvent {
    /// The method.
    package static let method = Method.revoke

    /// The attempts.
    package struct Event: WireMessage {
        /// At least one.
        package var revocations: [Revocation]

        /// Makes it.
        package init(revocations: [Revocation]) {
            self.revocations = revocations
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "REVOKE.event"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Event {
            let value = Event(revocations: try reader.list("revocations", of: Revocation.self))
            if value.revocations.isEmpty {
                reader.refuse("revocations", expected: "at least one", found: "none")
            }
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(revocations)
            writer.emptySection()
        }
    }
}
