// SPDX-License-Identifier: Apache-2.0
// Reelwork: LOOPS

package import ReelworkCore

/// Says how the loops run (method 042).
package enum Loops: WireCall {
    /// The method.
    package static let method = Method.loops
    /// A request without fields.
    package typealias Request = EmptyRequest

    /// How a loop runs.
    package struct Loop: WireItem {
        /// The loop.
        package var name: String
        /// Whether it is started.
        package var isRunning: Bool
        /// The time between two runs.
        package var interval: Duration
        /// Runs since the scheduler started.
        package var runs: UInt64
        /// Runs that failed.
        package var errors: UInt64
        /// The begin of the last run; 0 = none yet.
        package var lastAt: Timestamp
        /// How long the last run took, in microseconds.
        package var lastMicroseconds: UInt64
        /// The error of the last run that failed.
        package var lastError: String?

        /// Makes it.
        package init(
            name: String,
            isRunning: Bool,
            interval: Duration,
            runs: UInt64,
            errors: UInt64,
            lastAt: Timestamp,
            lastMicroseconds: UInt64,
            lastError: String? = nil
        ) {
            self.name = name
            self.isRunning = isRunning
            self.interval = interval
            self.runs = runs
            self.errors = errors
            self.lastAt = lastAt
            self.lastMicroseconds = lastMicroseconds
            self.lastError = lastError
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LoopView"
        /// The least that one takes.
        package static let byteCountMin = 8

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Loop {
            var value = Loop(
                name: try reader.string("name"),
                isRunning: try reader.openBool("running"),
                interval: try reader.duration("interval"),
                runs: try reader.uvarint("runs"),
                errors: try reader.uvarint("errors"),
                lastAt: try reader.timestamp("last_at"),
                lastMicroseconds: try reader.uvarint("last_us")
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 1: value.lastError = try reader.string("#1 last_error")
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.bool(isRunning)
            writer.duration(interval)
            writer.uvarint(runs)
            writer.uvarint(errors)
            writer.timestamp(lastAt)
            writer.uvarint(lastMicroseconds)
            var section = writer.openSection()
            writer.tag(&section, 1, string: lastError)
            writer.close(section)
        }
    }

    /// The loops.
    package struct Response: WireMessage {
        /// The loops.
        package var loops: [Loop]

        /// Makes it.
        package init(loops: [Loop]) {
            self.loops = loops
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "LOOPS.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(loops: try reader.list("loops", of: Loop.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(loops)
            writer.emptySection()
        }
    }
}
