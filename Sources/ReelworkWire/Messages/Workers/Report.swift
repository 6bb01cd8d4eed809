// SPDX-License-Identifier: Apache-2.0
// Reelwork: REPORT

package import ReelworkCore

/// A worker says what came of its attempts (method 024).
package enum Report: WireCall {
    /// The method.
    package static let method = Method.report
    /// One result for each item, in order, after the commit.
    package typealias Response = ItemResults

    /// One item: a report, or what is wrong with it.
    package enum Entry: Hashable, Sendable {
        /// A report that makes sense in itself.
        case item(ReportItem)
        /// A senseless one; it is answered INVALID_ARGUMENT and the others count.
        case invalid(number: JobNumber, attempt: AttemptNumber, WireFault)
    }

    /// The reports, in order of their happening.
    package struct Request: WireMessage {
        /// Assignments allowed in this session; 0 = as before.
        package var assignLimit: UInt64
        /// At least one.
        package var entries: [Entry]
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(assignLimit: UInt64 = 0, items: [ReportItem], tags: RequestTags = .none) {
            self.assignLimit = assignLimit
            entries = items.map { .item($0) }
            self.tags = tags
        }

        /// The reports that make sense.
        package var items: [ReportItem] {
            entries.compactMap { entry in
                switch entry {
                case .item(let item): item
                case .invalid: nil
                }
            }
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "REPORT.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var request = Request(assignLimit: try reader.uvarint("assign_limit"), items: [])
            let count = try reader.count(
                "items",
                itemBytesMin: 5,
                max: Limits.batchItemsMax
            )
            request.entries.reserveCapacity(count)
            for index in 0..<count {
                reader.item = index
                request.entries.append(try Entry.decode(from: &reader))
            }
            reader.item = nil
            if count == 0 { reader.refuse("items", expected: "at least one", found: "none") }
            request.tags = try reader.requestSection()
            return request
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.uvarint(assignLimit)
            let items = items
            writer.count(items.count)
            for item in items { item.encode(into: &writer) }
            writer.requestSection(tags)
        }
    }
}
