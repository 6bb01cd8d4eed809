// SPDX-License-Identifier: Apache-2.0
// Reelwork: SUBMIT_BATCH

package import ReelworkCore

/// Submits jobs (method 010).
package enum SubmitBatch: WireCall {
    /// The method.
    package static let method = Method.submitBatch

    /// The jobs; a bad spec costs its item and no other.
    package struct Request: WireMessage {
        /// All items or none.
        package var isAtomic: Bool
        /// At least one.
        package var items: [SubmitItem]
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(isAtomic: Bool, items: [SubmitItem], tags: RequestTags = .none) {
            self.isAtomic = isAtomic
            self.items = items
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "SUBMIT_BATCH.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(
                isAtomic: try reader.knownBool("atomic"),
                items: try reader.list("items", of: SubmitItem.self)
            )
            if value.items.isEmpty {
                reader.refuse("items", expected: "at least one item", found: "none")
            }
            value.tags = try reader.requestSection()
            return value
        }

        /// Whether a spec carries secrets, or cannot be looked through.
        package var carriesSecrets: Bool { items.contains { JobSpec.carriesSecrets($0.spec) } }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.bool(isAtomic)
            writer.list(items)
            writer.requestSection(tags)
        }
    }

    /// One result for each item, in order.
    package struct Response: WireMessage {
        /// The results, in the order of the items.
        package var results: [SubmitResult]

        /// Makes it.
        package init(results: [SubmitResult]) {
            self.results = results
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "SUBMIT_BATCH.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(results: try reader.list("results", of: SubmitResult.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(results)
            writer.emptySection()
        }
    }
}
