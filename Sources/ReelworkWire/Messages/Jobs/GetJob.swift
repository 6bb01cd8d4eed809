// SPDX-License-Identifier: Apache-2.0
// Reelwork: GET_JOB

package import ReelworkCore

/// Reads one job (method 011).
package enum GetJob: WireCall {
    /// The method.
    package static let method = Method.getJob

    /// Which job, and how much of it.
    package struct Request: WireMessage {
        /// The job.
        package var ref: JobRef
        /// How much of it.
        package var detail: JobDetail
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(ref: JobRef, detail: JobDetail, tags: RequestTags = .none) {
            self.ref = ref
            self.detail = detail
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "GET_JOB.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                ref: try JobRef.decode(from: &reader),
                detail: try reader.known("view", else: .short)
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            ref.encode(into: &writer)
            writer.u8(detail.rawValue)
            writer.requestSection(tags)
        }
    }

    /// The job.
    package struct Response: WireMessage {
        /// The job.
        package var job: JobView

        /// Makes it.
        package init(job: JobView) {
            self.job = job
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "GET_JOB.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(job: try JobView.decode(from: &reader))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            job.encode(into: &writer)
            writer.emptySection()
        }
    }
}
