// SPDX-License-Identifier: Apache-2.0
// Reelwork: reads JSON

/// Reads one JSON value (RFC 8259), strictly: no member twice, nothing after it, not too deep.
struct JSONReader {
    /// Where it is wrong, and why.
    struct Problem: Error, Hashable {
        /// The byte, from 1.
        var column: Int
        var message: String
    }

    private static let depthMax = 32
    private let bytes: [UInt8]
    private var place = 0

    /// Reads a text that is one value.
    static func value(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else {
            throw reader.problem("something follows after the value")
        }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func problem(_ message: String) -> Problem {
        Problem(column: place + 1, message: message)
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            place += 1
        }
    }

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        guard depth < JSONReader.depthMax else { throw problem("it is nested too deeply") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw problem("it ends too early")
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            return try number()
        case _: throw problem("expected a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Problem)
        -> JSONValue
    {
        let wanted = Array("\(word)".utf8)
        guard bytes.count - place >= wanted.count,
            bytes[place..<place + wanted.count].elementsEqual(wanted)
        else { throw problem("expected a value, with quotes where it is a text") }
        place += wanted.count
        return value
    }

    private mutating func object(depth: Int) throws(Problem) -> JSONValue {
        place += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            place += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("expected a name in quotes") }
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else {
                throw problem("\"\(ShownLine.escaped(name))\" stands there twice")
            }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw problem("expected `:`") }
            place += 1
            members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
            if try isLast(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(Problem) -> JSONValue {
        place += 1
        var values: [JSONValue] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            place += 1
            return .array(values)
        }
        while true {
            values.append(try value(depth: depth + 1))
            if try isLast(UInt8(ascii: "]")) { return .array(values) }
        }
    }

    private mutating func isLast(_ end: UInt8) throws(Problem) -> Bool {
        skipSpace()
        guard next == end || next == UInt8(ascii: ",") else {
            throw problem("expected `,` or `\(Character(Unicode.Scalar(end)))`")
        }
        let isEnd = next == end
        place += 1
        return isEnd
    }

    private mutating func number() throws(Problem) -> JSONValue {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        let first = next
        let digits = skipDigits()
        guard digits > 0, first != UInt8(ascii: "0") || digits == 1 else {
            throw problem("expected a number")
        }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            place += 1
            guard skipDigits() > 0 else { throw problem("expected a digit") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            guard skipDigits() > 0 else { throw problem("expected a digit") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw problem("the number is too large")
        }
        return .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = place
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }

    // MARK: - Strings

    private mutating func string() throws(Problem) -> String {
        place += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw problem("the text before is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw problem("a control byte in a text must be escaped")
            case _:
                text.append(byte)
                place += 1
            }
        }
        throw problem("a text has no end")
    }

    private mutating func escape() throws(Problem) -> [UInt8] {
        place += 1
        let kind = next
        place += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [kind ?? 0]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var scalar = try hex()
            if (0xD800..<0xDC00).contains(scalar) {
                guard next == UInt8(ascii: "\\") else { throw problem("half a surrogate pair") }
                place += 1
                guard next == UInt8(ascii: "u") else { throw problem("half a surrogate pair") }
                place += 1
                let low = try hex()
                guard (0xDC00..<0xE000).contains(low) else {
                    throw problem("half a surrogate pair")
                }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let value = Unicode.Scalar(scalar) else { throw problem("no such character") }
            return Array(String(Character(value)).utf8)
        case _: throw problem("no such escape")
        }
    }

    private mutating func hex() throws(Problem) -> UInt32 {
        guard bytes.count - place >= 4 else { throw problem("expected four hexadecimal digits") }
        let text = String(decoding: bytes[place..<place + 4], as: UTF8.self)
        guard text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else {
            throw problem("expected four hexadecimal digits")
        }
        place += 4
        return value
    }
}
