// SPDX-License-Identifier: Apache-2.0
// Reelwork: a JSON value

import ReelworkCore

/// A JSON value (RFC 8259) whose objects keep their order.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value.
    struct Member: Hashable, Sendable {
        var name: String
        var value: JSONValue
    }

    /// An object of these members, in this order.
    static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }

    /// A string, or null.
    static func optional(_ text: String?) -> JSONValue {
        guard let text else { return .null }
        return .string(text)
    }

    /// A text, or null where it is empty.
    static func filled(_ text: String) -> JSONValue { text.isEmpty ? .null : .string(text) }

    /// A count.
    static func count(_ count: UInt64) -> JSONValue { .integer(Int64(clamping: count)) }

    /// A time in RFC 3339, or null.
    static func time(_ time: Timestamp?) -> JSONValue {
        guard let time else { return .null }
        return .string(time.text)
    }

    /// A duration in seconds, to the millisecond, or null.
    static func seconds(_ duration: Duration?) -> JSONValue {
        guard let duration else { return .null }
        let milliseconds = duration.wholeMilliseconds
        return milliseconds % 1000 == 0
            ? .integer(milliseconds / 1000) : .number(Double(milliseconds) / 1000)
    }

    /// The value on one line.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): JSONValue.number(value)
        case .string(let value): JSONValue.quoted(value)
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.map { "\(JSONValue.quoted($0.name)):\($0.value.text)" }
                .joined(separator: ",") + "}"
        }
    }

    /// JSON knows no NaN and no infinity.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            case _: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
