// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads tagged sections

extension WireReader {
    /// A tagged section that is being read.
    package struct Section: Hashable, Sendable {
        var tagsLeft: UInt64
        var tagLast: UInt64 = 0
        var tagOpen = false
        var endOutside: Int
    }

    /// Opens a tagged section: reads its count.
    @_lifetime(self: copy self)
    package mutating func openSection() throws(WireError) -> Section {
        let count = try uvarint("tags")
        // A tag has at least its number and its length.
        guard count <= UInt64(end - offset) / 2 else {
            throw malformed(
                "tags",
                expected: "\(count) tags of 2 bytes or more",
                found: "\(bytesLeft) bytes left"
            )
        }
        return Section(tagsLeft: count, endOutside: end)
    }

    /// Ends the tag before and opens the next one; nil after the last.
    ///
    /// Until then reads end where the tag's value ends.
    @_lifetime(self: copy self)
    package mutating func nextTag(_ section: inout Section) throws(WireError) -> UInt64? {
        if section.tagOpen {
            guard offset == end else {
                throw malformed(
                    "tags",
                    expected: "the end of tag #\(section.tagLast)",
                    found: "\(bytesLeft) bytes more"
                )
            }
            end = section.endOutside
            section.tagOpen = false
        }
        guard section.tagsLeft > 0 else { return nil }
        section.tagsLeft -= 1
        let tag = try uvarint("tags")
        guard tag > section.tagLast else {
            throw malformed("tags", expected: "a tag above #\(section.tagLast)", found: "#\(tag)")
        }
        let length = try uvarint("tags")
        guard length <= UInt64(end - offset) else { throw truncated("tags", wanted: length) }
        section.tagLast = tag
        section.tagOpen = true
        end = offset + Int(length)
        return tag
    }

    /// Skips the value of the open tag: its number is unknown here.
    @_lifetime(self: copy self)
    package mutating func skipTag() {
        offset = end
    }

    /// Reads a section of which no tag is known.
    @_lifetime(self: copy self)
    package mutating func skipSection() throws(WireError) {
        var section = try openSection()
        while try nextTag(&section) != nil { skipTag() }
    }
}
