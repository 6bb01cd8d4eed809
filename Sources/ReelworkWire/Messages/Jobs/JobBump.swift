// SPDX-License-Identifier: Apache-2.0
// Reelwork: JOB_BUMP

package import ReelworkCore

/// Puts queued jobs before the others of their tenant (method 019).
package enum JobBump: WireCall {
    /// The method.
    package static let method = Method.jobBump
    /// The answer.
    package typealias Response = ItemResults

    /// Which jobs, and why.
    package struct Request: WireMessage {
        /// The jobs.
        package var refs: [JobRef]
        /// Why, for the history and the log.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(refs: [JobRef], reason: String, tags: RequestTags = .none) {
            self.refs = refs
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "JOB_BUMP.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                refs: try reader.list("refs", of: JobRef.self),
                reason: try reader.string("reason")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(refs)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }
}
