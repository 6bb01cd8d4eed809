// SPDX-License-Identifier: Apache-2.0
// Reelwork: CONFIG

package import ReelworkCore

/// Shows the configuration (method 046).
package enum Config: WireCall {
    /// The method.
    package static let method = Method.config
    /// Which settings: those whose keys begin so.
    package typealias Request = PrefixRequest

    /// One setting.
    package struct Item: WireItem {
        /// Its key.
        package var key: String
        /// The value in force; a secret is `***`.
        package var value: String
        /// Where it comes from: default, file, environment, flag.
        package var source: String

        /// Makes it.
        package init(key: String, value: String, source: String) {
            self.key = key
            self.value = value
            self.source = source
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "ConfigItem"
        /// The least that one takes.
        package static let byteCountMin = 4

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Item {
            let value = Item(
                key: try reader.string("key"),
                value: try reader.string("value"),
                source: try reader.string("source")
            )
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.string(key)
            writer.string(value)
            writer.string(source)
            writer.emptySection()
        }
    }

    /// The settings.
    package struct Response: WireMessage {
        /// By key.
        package var items: [Item]

        /// Makes it.
        package init(items: [Item]) {
            self.items = items
        }

        /// The name in the specification, for errors.
        package static let wireName: StaticString = "CONFIG.response"

        /// Reads it.
        package static func decode(from reader: inout WireReader) throws(WireError) -> Response {
            let value = Response(items: try reader.list("items", of: Item.self))
            try reader.skipSection()
            return value
        }

        /// Writes it.
        package func encode(into writer: inout WireWriter) {
            writer.list(items)
            writer.emptySection()
        }
    }
}
