// SPDX-License-Identifier: Apache-2.0
// Reelwork: RETRY_JOB

package import ReelworkCore

/// Submits ended jobs again, as new ones (method 015).
package enum RetryJob: WireCall {
    /// The method.
    package static let method = Method.retryJob
    /// The answer.
    package typealias Response = ItemResults

    /// A job that has ended, and the key of the new one.
    package struct Item: WireItem {
        /// The job.
        package var ref: JobRef
        /// The new idempotency key, 1 to ``Limits/keyBytesMax`` bytes.
        package var key: String

        /// Makes it.
        package init(ref: JobRef, key: String) {
            self.ref = ref
            self.key = key
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "RETRY_JOB.jobs"
        /// The least that one takes.
        package static let byteCountMin = 3

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Item {
            let value = Item(ref: try JobRef.decode(from: &reader), key: try reader.string("key"))
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            ref.encode(into: &writer)
            writer.string(key)
        }
    }

    /// Which jobs, and why.
    package struct Request: WireMessage {
        /// The jobs.
        package var jobs: [Item]
        /// Why, for the history and the log.
        package var reason: String
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(jobs: [Item], reason: String, tags: RequestTags = .none) {
            self.jobs = jobs
            self.reason = reason
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "RETRY_JOB.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                jobs: try reader.list("jobs", of: Item.self),
                reason: try reader.string("reason")
            )
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(jobs)
            writer.string(reason)
            writer.requestSection(tags)
        }
    }
}
