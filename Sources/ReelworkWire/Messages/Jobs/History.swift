// SPDX-License-Identifier: Apache-2.0
// Reelwork: HISTORY

package import ReelworkCore

/// Reads a job's moves (method 016).
package enum History: WireCall {
    /// The method.
    package static let method = Method.history

    /// Which moves.
    package struct Request: WireMessage {
        /// The job.
        package var ref: JobRef
        /// Moves above this sequence only; 0 = all.
        package var afterSequence: UInt64
        /// Most moves in the answer; 0 = the default of the server.
        package var limit: UInt64
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(ref: JobRef, afterSequence: UInt64, limit: UInt64, tags: RequestTags = .none) {
            self.ref = ref
            self.afterSequence = afterSequence
            self.limit = limit
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "HISTORY.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                ref: try JobRef.decode(from: &reader),
                afterSequence: try reader.uvarint("after_seq"),
                limit: try reader.pageLimit()
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            ref.encode(into: &writer)
            writer.uvarint(afterSequence)
            writer.uvarint(limit)
            writer.requestSection(tags)
        }
    }

    /// The moves.
    package struct Response: WireMessage {
        /// The job, by number.
        package var ref: JobRef
        /// By sequence.
        package var moves: [Move]
        /// There are more: ask again after the last one.
        package var hasMore: Bool

        /// Makes it.
        package init(ref: JobRef, moves: [Move], hasMore: Bool) {
            self.ref = ref
            self.moves = moves
            self.hasMore = hasMore
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "HISTORY.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(
                ref: try JobRef.decode(from: &reader),
                moves: try reader.list("moves", of: Move.self),
                hasMore: try reader.openBool("more")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            ref.encode(into: &writer)
            writer.list(moves)
            writer.bool(hasMore)
            writer.emptySection()
        }
    }
}
