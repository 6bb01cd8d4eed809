// SPDX-License-Identifier: Apache-2.0
// Reelwork: ASSIGN

package import ReelworkCore

/// The scheduler hands out jobs (method 023).
package enum Assign: WireEvent {
    /// The method.
    package static let method = Method.assign

    /// Jobs for the worker.
    package struct Event: WireMessage {
        /// The index of the first one, from 1 in this session without a gap.
        package var firstIndex: UInt64
        /// At least one.
        package var assignments: [Assignment]

        /// Makes it.
        package init(firstIndex: UInt64, assignments: [Assignment]) {
            self.firstIndex = firstIndex
            self.assignments = assignments
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "ASSIGN.event"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Event {
            let value = Event(
                firstIndex: try reader.uvarint("first_index"),
                assignments: try reader.list("assignments", of: Assignment.self)
            )
            if value.assignments.isEmpty {
                reader.refuse("assignments", expected: "at least one", found: "none")
            }
            try reader.skipSection()
            return value
        }

        /// Whether a spec carries secrets, or cannot be looked through.
        package var carriesSecrets: Bool {
            assignments.contains { JobSpec.carriesSecrets($0.spec) }
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(firstIndex)
            writer.list(assignments)
            writer.emptySection()
        }
    }
}
