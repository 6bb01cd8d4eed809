// SPDX-License-Identifier: Apache-2.0
// Reelwork: WATCH

package import ReelworkCore

/// Follows jobs until they end (method 013).
package enum Watch: WireCall, WireEvent {
    /// The method.
    package static let method = Method.watch
    /// An answer without fields.
    package typealias Response = EmptyAnswer

    /// What a watcher knows already.
    package struct KnownMoves: WireItem {
        /// The job.
        package var number: JobNumber
        /// Its last known move.
        package var sequence: UInt64

        /// Makes it.
        package init(number: JobNumber, sequence: UInt64) {
            self.number = number
            self.sequence = sequence
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WATCH.from_seq"
        /// The least that one takes.
        package static let byteCountMin = 2

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> KnownMoves {
            let value = KnownMoves(
                number: try reader.jobNumber("number"),
                sequence: try reader.uvarint("seq")
            )
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.jobNumber(number)
            writer.uvarint(sequence)
        }
    }

    /// Which jobs.
    package struct Request: WireMessage {
        /// The jobs; none = all jobs, later ones too.
        package var refs: [JobRef]
        /// Moves that are known already: those after them come, and no snapshot.
        package var known: [KnownMoves]
        /// Only jobs of this queue.
        package var queue: JobQueue?
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            refs: [JobRef],
            known: [KnownMoves] = [],
            queue: JobQueue? = nil,
            tags: RequestTags = .none
        ) {
            self.refs = refs
            self.known = known
            self.queue = queue
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WATCH.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(refs: try reader.list("refs", of: JobRef.self))
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.known = try reader.list("#16 from_seq", of: KnownMoves.self)
                case 17: value.queue = try reader.knownOrNone("#17 queue", as: JobQueue.self)
                default: try reader.requestTag(tag, &value.tags)
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(refs)
            var section = writer.openSection(tags)
            writer.tag(&section, 16, list: known)
            writer.tag(&section, 17, u8: queue?.rawValue)
            writer.close(section)
        }
    }

    /// News of the jobs.
    package struct Event: WireMessage {
        /// In the order of their happening for each job.
        package var events: [JobNews]

        /// Makes it.
        package init(events: [JobNews]) {
            self.events = events
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "WATCH.event"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Event {
            let value = Event(events: try reader.list("events", of: JobNews.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(events)
            writer.emptySection()
        }
    }
}
