// SPDX-License-Identifier: Apache-2.0
// Reelwork: results, one an item

package import ReelworkCore

/// One result for each item, in order.
package struct ItemResults: WireMessage {
    /// The results, in the order of the items.
    package var results: [ItemResult]

    /// Makes it.
    package init(results: [ItemResult]) {
        self.results = results
    }

    /// The name in the specification, for errors.
    package static let wireName: StaticString = "RESPONSE"

    /// Reads it.
    package static func decode(from reader: inout WireReader) throws(WireError) -> ItemResults {
        let value = ItemResults(results: try reader.list("results", of: ItemResult.self))
        try reader.skipSection()
        return value
    }

    /// Writes it.
    package func encode(into writer: inout WireWriter) {
        writer.list(results)
        writer.emptySection()
    }
}
