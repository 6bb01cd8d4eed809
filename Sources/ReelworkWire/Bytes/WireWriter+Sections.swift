// SPDX-License-Identifier: Apache-2.0
// Reelwork: writes tagged sections

package import ReelworkCore

extension WireWriter {
    /// A tagged section that is being written: where its count stands, and the count.
    package struct Section: Hashable, Sendable {
        let countAt: Int
        var count: UInt8 = 0
    }

    /// A tag whose length is not known yet: where the length goes.
    package struct OpenTag: Hashable, Sendable {
        let lengthAt: Int
    }

    /// Opens a tagged section; its count is filled in at the end.
    package mutating func openSection() -> Section {
        bytes.append(0)
        return Section(countAt: bytes.count - 1)
    }

    /// Ends a tagged section.
    package mutating func close(_ section: Section) {
        bytes[section.countAt] = section.count
    }

    /// Writes the empty section.
    package mutating func emptySection() {
        bytes.append(0)
    }

    /// Opens a tag whose value is written next; tags must rise.
    package mutating func openTag(_ section: inout Section, _ tag: UInt64) -> OpenTag {
        head(&section, tag)
        bytes.append(0)
        return OpenTag(lengthAt: bytes.count - 1)
    }

    /// Ends a tag: puts its length before its value.
    package mutating func close(_ tag: OpenTag) {
        let length = UInt64(bytes.count - tag.lengthAt - 1)
        guard length >= 0x80 else {
            bytes[tag.lengthAt] = UInt8(truncatingIfNeeded: length)
            return
        }
        // One byte was left for the length: make room for the rest of it.
        let size = WireWriter.uvarintSize(length)
        bytes.insert(contentsOf: repeatElement(0, count: size - 1), at: tag.lengthAt)
        var rest = length
        for index in 0..<size {
            let more: UInt8 = index < size - 1 ? 0x80 : 0
            bytes[tag.lengthAt + index] = UInt8(truncatingIfNeeded: rest & 0x7F) | more
            rest >>= 7
        }
    }

    /// Writes a tag with a number, where there is one.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, uvarint value: UInt64?) {
        guard let value else { return }
        head(&section, tag)
        bytes.append(UInt8(truncatingIfNeeded: WireWriter.uvarintSize(value)))
        uvarint(value)
    }

    /// Writes a tag with a signed number, where there is one.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, svarint value: Int64?) {
        self.tag(&section, tag, uvarint: value.map(WireWriter.zigzag))
    }

    /// Writes a tag with a byte, where there is one.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, u8 value: UInt8?) {
        guard let value else { return }
        head(&section, tag)
        bytes.append(1)
        bytes.append(value)
    }

    /// Writes a tag without a value, where it is true.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, flag value: Bool) {
        guard value else { return }
        head(&section, tag)
        bytes.append(0)
    }

    /// Writes a tag with a length of time, where there is one.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, duration value: Duration?) {
        guard let value else { return }
        self.tag(&section, tag, uvarint: UInt64(clamping: value.wholeMilliseconds))
    }

    /// Writes a tag with a moment, where there is one.
    package mutating func tag(
        _ section: inout Section,
        _ tag: UInt64,
        timestamp value: Timestamp?
    ) {
        guard let value else { return }
        self.tag(&section, tag, uvarint: UInt64(clamping: value.milliseconds))
    }

    /// Writes a tag with an attempt, where there is one.
    package mutating func tag(
        _ section: inout Section,
        _ tag: UInt64,
        attempt value: AttemptNumber?
    ) {
        guard let value else { return }
        self.tag(&section, tag, uvarint: UInt64(value.rawValue))
    }

    /// Writes a tag with a string, where there is one.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, string value: String?) {
        guard let value else { return }
        let size = value.utf8.count
        head(&section, tag)
        count(size + WireWriter.uvarintSize(UInt64(size)))
        string(value)
    }

    /// Writes a tag with bytes that carry their length, where there are any.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, blob value: [UInt8]?) {
        guard let value else { return }
        head(&section, tag)
        count(value.count + WireWriter.uvarintSize(UInt64(value.count)))
        blob(value)
    }

    /// Writes a tag with bytes of a fixed length, where there are any.
    package mutating func tag(_ section: inout Section, _ tag: UInt64, fixed value: [UInt8]?) {
        guard let value else { return }
        head(&section, tag)
        blob(value)
    }

    private mutating func head(_ section: inout Section, _ tag: UInt64) {
        section.count += 1
        uvarint(tag)
    }
}
