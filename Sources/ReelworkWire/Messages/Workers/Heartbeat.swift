// SPDX-License-Identifier: Apache-2.0
// Reelwork: HEARTBEAT

package import ReelworkCore

/// A worker says that it lives (method 021).
package enum Heartbeat: WireCall {
    /// The method.
    package static let method = Method.heartbeat

    /// What the worker has open.
    package struct Request: WireMessage {
        /// Assignments received in this session.
        package var assignedSeen: UInt64
        /// The size of the open set.
        package var open: UInt64
        /// The digest of the open set; see ``OpenSetDigest``.
        package var digest: UInt64
        /// What is free where films are made, in MiB.
        package var scratchFreeMebibytes: UInt64?
        /// The load average of one minute, in thousandths.
        package var loadMilli: UInt64?
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(
            assignedSeen: UInt64,
            open: UInt64,
            digest: UInt64,
            scratchFreeMebibytes: UInt64? = nil,
            loadMilli: UInt64? = nil,
            tags: RequestTags = .none
        ) {
            self.assignedSeen = assignedSeen
            self.open = open
            self.digest = digest
            self.scratchFreeMebibytes = scratchFreeMebibytes
            self.loadMilli = loadMilli
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "HEARTBEAT.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                assignedSeen: try reader.uvarint("assigned_seen"),
                open: try reader.uvarint("open"),
                digest: try reader.u64("digest")
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.scratchFreeMebibytes = try reader.uvarint("#16 scratch_free_mib")
                case 17: value.loadMilli = try reader.uvarint("#17 load_milli")
                default: try reader.requestTag(tag, &value.tags)
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(assignedSeen)
            writer.uvarint(open)
            writer.u64(digest)
            var section = writer.openSection(tags)
            writer.tag(&section, 16, uvarint: scratchFreeMebibytes)
            writer.tag(&section, 17, uvarint: loadMilli)
            writer.close(section)
        }
    }

    /// Heard.
    package struct Response: WireMessage {
        /// The scheduler's wall clock, for display.
        package var now: Timestamp?

        /// Makes it.
        package init(now: Timestamp? = nil) {
            self.now = now
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "HEARTBEAT.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            var value = Response()
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 16: value.now = try reader.timestamp("#16 now")
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            var section = writer.openSection()
            writer.tag(&section, 16, timestamp: now)
            writer.close(section)
        }
    }
}
