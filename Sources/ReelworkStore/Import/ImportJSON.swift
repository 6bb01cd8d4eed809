// SPDX-License-Identifier: Apache-2.0
// Reelwork: JSON of the predecessor

import Foundation

/// A JSON value of the predecessor, of any shape.
enum ImportJSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([ImportJSON])
    case object([String: ImportJSON])

    /// Reads a text; nil where it is no JSON.
    static func read(_ text: String) -> ImportJSON? {
        let value = try? JSONSerialization.jsonObject(
            with: Data(text.utf8),
            options: .fragmentsAllowed
        )
        return value.map { ImportJSON($0) }
    }

    private init(_ value: Any) {
        switch value {
        case let text as String: self = .text(text)
        case let members as [String: Any]: self = .object(members.mapValues { ImportJSON($0) })
        case let items as [Any]: self = .list(items.map { ImportJSON($0) })
        case let number as NSNumber: self = ImportJSON.scalar(number)
        default: self = .null
        }
    }

    /// Foundation tells truth values from numbers by their C type alone.
    private static func scalar(_ number: NSNumber) -> ImportJSON {
        switch String(cString: number.objCType) {
        case "c", "B": .bool(number.boolValue)
        case "d", "f": .number(number.doubleValue)
        case "Q": Int64(exactly: number.uint64Value).map { .integer($0) } ?? .text("\(number)")
        default: .integer(number.int64Value)
        }
    }

    /// A parameter's text; nil where it says nothing.
    var parameterText: String? {
        switch self {
        case .null: nil
        case .text(let text): text.isEmpty ? nil : text
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): ImportJSON.decimal(value)
        case .list, .object: json
        }
    }

    /// A number as people write it: 30, not 30.0.
    private static func decimal(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// The value as JSON on one line, members sorted.
    private var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The text of a member of an object.
    func member(_ name: String) -> ImportJSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// A text, or a number as text; nil for anything else.
    var plain: String? {
        switch self {
        case .text(let text): text
        case .integer(let value): "\(value)"
        case .number(let value): ImportJSON.decimal(value)
        case .null, .bool, .list, .object: nil
        }
    }
}

extension ImportJSON: Encodable {
    /// Writes the value.
    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let flag): try value.encode(flag)
        case .integer(let integer): try value.encode(integer)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let items): try value.encode(items)
        case .object(let members): try value.encode(members)
        }
    }
}
