// SPDX-License-Identifier: Apache-2.0
// Reelwork: JSON as a value

import Foundation

/// JSON as a value; numbers are kept as decimal text, so that 64 bits survive.
enum JSONValue: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Int64.self) {
            self = .number("\(value)")
        } else if let value = try? single.decode(UInt64.self) {
            self = .number("\(value)")
        } else if let value = try? single.decode(Double.self) {
            self = .number("\(value)")
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
        } else if let value = try? single.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try single.decode([String: JSONValue].self))
        }
    }

    subscript(key: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[key]
    }

    var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .null, .bool, .array, .object: nil
        }
    }

    var number: UInt64? { text.flatMap { UInt64($0) } }

    var items: [JSONValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }
}
