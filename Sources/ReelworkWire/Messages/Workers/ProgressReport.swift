// SPDX-License-Identifier: Apache-2.0
// Reelwork: PROGRESS

package import ReelworkCore

/// A worker says how far its encodes have come (method 027).
package enum ProgressReport: WireEvent {
    /// The method.
    package static let method = Method.progress

    /// News of running attempts.
    package struct Event: WireMessage {
        /// Those of which there is news.
        package var progress: [JobProgress]

        /// Makes it.
        package init(progress: [JobProgress]) {
            self.progress = progress
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "PROGRESS.event"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Event {
            let value = Event(progress: try reader.list("progress", of: JobProgress.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(progress)
            writer.emptySection()
        }
    }
}
