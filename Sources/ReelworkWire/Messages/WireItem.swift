// SPDX-License-Identifier: Apache-2.0
// Reelwork: a struct that stands in lists

internal import ReelworkCore

/// A struct that stands in lists.
package protocol WireItem: WireMessage {
    /// The least that one takes: a count is checked against it before memory is set aside.
    static var byteCountMin: Int { get }
}

extension WireReader {
    /// Reads a list; errors name the index in the outermost one.
    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func list<Item: WireItem>(
        _ field: StaticString,
        of type: Item.Type,
        max: Int = Limits.batchItemsMax
    ) throws(WireError) -> [Item] {
        let count = try count(field, itemBytesMin: Item.byteCountMin, max: max)
        var items: [Item] = []
        items.reserveCapacity(count)
        let isOutermost = item == nil
        for index in 0..<count {
            if isOutermost { item = index }
            items.append(try Item.decode(from: &self))
        }
        if isOutermost { item = nil }
        return items
    }

    /// Reads a list of strings.
    @_lifetime(self: copy self)
    package mutating func strings(_ field: StaticString) throws(WireError) -> [String] {
        let count = try count(field, itemBytesMin: 1)
        var items: [String] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try string(field)) }
        return items
    }

    /// Reads a list of numbers.
    @_lifetime(self: copy self)
    package mutating func numbers(_ field: StaticString) throws(WireError) -> [UInt64] {
        let count = try count(field, itemBytesMin: 1)
        var items: [UInt64] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try uvarint(field)) }
        return items
    }
}

extension WireWriter {
    /// Writes a list.
    @inline(__always)
    package mutating func list(_ items: [some WireItem]) {
        count(items.count)
        for item in items { item.encode(into: &self) }
    }

    /// Writes a list of strings.
    package mutating func strings(_ items: [String]) {
        count(items.count)
        for item in items { string(item) }
    }

    /// Writes a list of numbers.
    package mutating func numbers(_ items: [UInt64]) {
        count(items.count)
        for item in items { uvarint(item) }
    }

    /// Writes a tag with a list, where it is not empty.
    @inline(__always)
    package mutating func tag(_ section: inout Section, _ tag: UInt64, list: [some WireItem]) {
        guard !list.isEmpty else { return }
        let open = openTag(&section, tag)
        self.list(list)
        close(open)
    }

    /// Writes a tag with a list of strings, where there is one.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, strings: [String]?) {
        guard let strings else { return }
        let open = openTag(&section, tag)
        self.strings(strings)
        close(open)
    }

    /// Writes a tag with a list of numbers, where it is not empty.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, numbers: [UInt64]) {
        guard !numbers.isEmpty else { return }
        let open = openTag(&section, tag)
        self.numbers(numbers)
        close(open)
    }

    /// Writes a tag with a struct, where there is one.
    package mutating func tag(
        _ section: inout Section,
        _ tag: UInt64,
        item: (some WireMessage)?
    ) {
        guard let item else { return }
        let open = openTag(&section, tag)
        item.encode(into: &self)
        close(open)
    }
}
