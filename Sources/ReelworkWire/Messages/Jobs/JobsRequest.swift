// SPDX-License-Identifier: Apache-2.0
// Reelwork: a request that names jobs and a reason

package import ReelworkCore

/// Which jobs something is to be done to, and why.
package struct JobsRequest: WireMessage {
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
    package static let wireName: StaticString = "REQUEST"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> JobsRequest {
        var value = JobsRequest(
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
