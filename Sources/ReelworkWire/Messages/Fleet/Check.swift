// SPDX-License-Identifier: Apache-2.0
// Reelwork: CHECK

package import ReelworkCore

/// Checks the store (method 044).
package enum Check: WireCall {
    /// The method.
    package static let method = Method.check

    /// What one check found.
    package struct Finding: WireItem {
        /// The check.
        package var name: String
        /// Whether it holds.
        package var isOK: Bool
        /// Things looked at.
        package var examined: UInt64
        /// Things that are wrong.
        package var bad: UInt64
        /// What was found.
        package var detail: String?
        /// Numbers of some bad jobs.
        package var examples: [UInt64]
        /// What must be minded although it holds.
        package var warning: String?

        /// Makes it.
        package init(
            name: String,
            isOK: Bool,
            examined: UInt64,
            bad: UInt64,
            detail: String? = nil,
            examples: [UInt64] = [],
            warning: String? = nil
        ) {
            self.name = name
            self.isOK = isOK
            self.examined = examined
            self.bad = bad
            self.detail = detail
            self.examples = examples
            self.warning = warning
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "CheckView"
        /// The least that one takes.
        package static let byteCountMin = 5

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Finding {
            var value = Finding(
                name: try reader.string("name"),
                isOK: try reader.openBool("ok"),
                examined: try reader.uvarint("examined"),
                bad: try reader.uvarint("bad")
            )
            var section = try reader.openSection()
            while let tag = try reader.nextTag(&section) {
                switch tag {
                case 1: value.detail = try reader.string("#1 detail")
                case 2: value.examples = try reader.numbers("#2 examples")
                case 3: value.warning = try reader.string("#3 warning")
                default: reader.skipTag()
                }
            }
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(name)
            writer.bool(isOK)
            writer.uvarint(examined)
            writer.uvarint(bad)
            var section = writer.openSection()
            writer.tag(&section, 1, string: detail)
            writer.tag(&section, 2, numbers: examples)
            writer.tag(&section, 3, string: warning)
            writer.close(section)
        }
    }

    /// How deep.
    package struct Request: WireMessage {
        /// Everything, not only what is quick.
        package var isDeep: Bool
        /// The common tags.
        package var tags: RequestTags

        /// Makes it.
        package init(isDeep: Bool, tags: RequestTags = .none) {
            self.isDeep = isDeep
            self.tags = tags
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "CHECK.request"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Request {
            var value = Request(isDeep: try reader.knownBool("deep"))
            value.tags = try reader.requestSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.bool(isDeep)
            writer.requestSection(tags)
        }
    }

    /// The findings.
    package struct Response: WireMessage {
        /// One for each check.
        package var checks: [Finding]

        /// Makes it.
        package init(checks: [Finding]) {
            self.checks = checks
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "CHECK.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(checks: try reader.list("checks", of: Finding.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(checks)
            writer.emptySection()
        }
    }
}
