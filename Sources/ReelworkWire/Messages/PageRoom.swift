// SPDX-License-Identifier: Apache-2.0
// Reelwork: what fits into the frame of an answer

internal import ReelworkCore

/// What fits into the frame of an answer that comes in pages.
///
/// It measures each item as it is written, so nothing is guessed.
package struct PageRoom: ~Copyable {
    /// Bytes that are left for items.
    package private(set) var bytesLeft: Int
    private var writer = WireWriter()

    /// Makes room as large as a frame, less what stands beside the items.
    package init(frameBytesMax: Int) {
        self.init(bytes: frameBytesMax - Limits.pageBytesTail)
    }

    /// Makes room for so many bytes of items.
    package init(bytes: Int) {
        bytesLeft = max(bytes, 0)
    }

    /// Takes an item where it fits; false leaves the room as it was.
    package mutating func take(_ item: some WireItem) -> Bool {
        take(CollectionOfOne(item))
    }

    /// Takes all of some items where they fit together; false leaves the room as it was.
    package mutating func take(_ items: some Collection<some WireItem>) -> Bool {
        writer.reset()
        for item in items {
            item.encode(into: &writer)
            guard writer.bytes.count <= bytesLeft else { return false }
        }
        bytesLeft -= writer.bytes.count
        return true
    }
}

extension WireReader {
    /// Reads how many items a page may have: 0 = the default of the server.
    @_lifetime(self: copy self)
    mutating func pageLimit() throws(WireError) -> UInt64 {
        let limit = try uvarint("limit")
        if limit > UInt64(Limits.batchItemsMax) {
            refuse("limit", expected: "at most \(Limits.batchItemsMax)", found: "\(limit)")
        }
        return limit
    }
}
