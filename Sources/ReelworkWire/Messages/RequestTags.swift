// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tags that every request may carry

internal import ReelworkCore

/// The tags that every request may carry.
package struct RequestTags: Hashable, Sendable {
    /// How long the answer is of use, from receipt; nil or zero: no limit of the client's.
    package var timeout: Duration?
    /// A trace: 16 bytes trace id, 8 bytes span id; opaque here.
    package var trace: [UInt8]?
    /// Why, for the history; a method with a field of this name ignores it.
    package var reason: String?

    /// Makes tags.
    package init(timeout: Duration? = nil, trace: [UInt8]? = nil, reason: String? = nil) {
        self.timeout = timeout
        self.trace = trace
        self.reason = reason
    }

    /// No tags.
    package static let none = RequestTags()
    /// Bytes of a trace.
    package static let traceByteCount = 24
}

extension WireReader {
    /// Reads the open tag of a request where it is one of the common ones; others are skipped.
    @_lifetime(self: copy self)
    mutating func requestTag(_ tag: UInt64, _ tags: inout RequestTags) throws(WireError) {
        switch tag {
        case 1: tags.timeout = try duration("#1 timeout")
        case 2: tags.trace = try fixedBytes("#2 trace", count: RequestTags.traceByteCount)
        case 3: tags.reason = try string("#3 reason")
        default: skipTag()
        }
    }

    /// Reads the section of a request that has no tags of its own.
    @_lifetime(self: copy self)
    mutating func requestSection() throws(WireError) -> RequestTags {
        var tags = RequestTags.none
        var section = try openSection()
        while let tag = try nextTag(&section) { try requestTag(tag, &tags) }
        return tags
    }
}

extension WireWriter {
    /// Opens the section of a request and writes the common tags.
    mutating func openSection(_ tags: RequestTags) -> Section {
        var section = openSection()
        tag(&section, 1, duration: tags.timeout)
        if let trace = tags.trace, trace.count == RequestTags.traceByteCount {
            tag(&section, 2, fixed: trace)
        }
        tag(&section, 3, string: tags.reason)
        return section
    }

    /// Writes the section of a request that has no tags of its own.
    mutating func requestSection(_ tags: RequestTags) {
        let section = openSection(tags)
        close(section)
    }
}
