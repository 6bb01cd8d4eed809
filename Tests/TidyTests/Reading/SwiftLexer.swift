// SPDX-License-Identifier: Apache-2.0
// Reelwork: cuts Swift source into tokens, so that no rule trips over comments and strings.

/// Cuts Swift source into tokens.
///
/// Comments vanish, string literals become one token each and their interpolations are read as
/// code. Regex literals are not known to it; the house has none.
struct SwiftLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineOfLast = 0
    private var endOfLast = -1
    private(set) var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = SwiftLexer(text)
        lexer.readCode(untilParenthesis: false)
        return lexer.tokens
    }

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private func byte(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    private func has(_ text: StaticString, ahead: Int = 0) -> Bool {
        var index = position + ahead
        for offset in 0..<text.utf8CodeUnitCount {
            guard index < bytes.count, bytes[index] == text.utf8Start[offset] else { return false }
            index += 1
        }
        return true
    }

    private mutating func step() {
        if byte() == Self.newline { line += 1 }
        position += 1
    }

    private mutating func emit(_ kind: Token.Kind, _ text: String, from start: Int, line: Int) {
        let isFirst = line != lineOfLast
        tokens.append(
            Token(
                kind: kind,
                text: text,
                line: line,
                isJoined: start == endOfLast,
                isFirst: isFirst
            )
        )
        lineOfLast = self.line
        endOfLast = position
    }

    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            let next = byte()
            if next <= 32 {
                step()
            } else if has("///"), !has("////") {
                readDocumentation()
            } else if has("//") {
                while position < bytes.count, byte() != Self.newline { step() }
            } else if has("/*") {
                skipBlock()
            } else if next == Self.quote || opensRawString() {
                readString()
            } else if Self.isWordByte(next) || next == Self.backtick {
                readWord()
            } else {
                if untilParenthesis, next == Self.closing, depth == 0 { return }
                if next == Self.opening { depth += 1 }
                if next == Self.closing { depth -= 1 }
                readMark()
            }
        }
    }

    /// Lines of documentation that follow each other make one token.
    private mutating func readDocumentation() {
        let start = position
        let first = line
        while position < bytes.count, byte() != Self.newline { step() }
        if tokens.last?.kind != .documentation || line > lineOfLast + 1 {
            emit(.documentation, string(start), from: start, line: first)
        } else {
            lineOfLast = line
        }
    }

    private mutating func skipBlock() {
        var depth = 0
        repeat {
            if has("/*") {
                depth += 1
                step()
            } else if has("*/") {
                depth -= 1
                step()
            }
            step()
        } while depth > 0 && position < bytes.count
    }

    private func opensRawString() -> Bool {
        var ahead = 0
        while byte(ahead) == Self.hash { ahead += 1 }
        return ahead > 0 && byte(ahead) == Self.quote
    }

    private mutating func readString() {
        let start = position
        let first = line
        var hashes = 0
        while byte() == Self.hash {
            hashes += 1
            step()
        }
        let quotes = has("\"\"\"") ? 3 : 1
        for _ in 0..<quotes { step() }
        let slot = tokens.count
        emit(.text, "", from: start, line: first)
        var content: [UInt8] = []
        while position < bytes.count, !closesString(quotes: quotes, hashes: hashes) {
            if byte() == Self.backslash, escapes(hashes) {
                for _ in 0...hashes { step() }
                if byte() == Self.opening {
                    step()
                    readCode(untilParenthesis: true)
                } else {
                    content.append(byte())
                }
            } else {
                content.append(byte())
            }
            step()
        }
        for _ in 0..<(quotes + hashes) where position < bytes.count { step() }
        let opened = tokens[slot]
        tokens[slot] = Token(
            kind: .text,
            text: String(decoding: content, as: UTF8.self),
            line: opened.line,
            isJoined: opened.isJoined,
            isFirst: opened.isFirst
        )
        lineOfLast = line
        endOfLast = position
    }

    private func escapes(_ hashes: Int) -> Bool {
        (0..<hashes).allSatisfy { byte(1 + $0) == Self.hash }
    }

    private func closesString(quotes: Int, hashes: Int) -> Bool {
        (0..<quotes).allSatisfy { byte($0) == Self.quote }
            && (0..<hashes).allSatisfy { byte(quotes + $0) == Self.hash }
    }

    private mutating func readWord() {
        let start = position
        if byte() == Self.backtick {
            step()
            while position < bytes.count, byte() != Self.backtick { step() }
            step()
        } else {
            let isNumber = byte() >= 48 && byte() <= 57
            while Self.isWordByte(byte()) || (isNumber && startsFraction()) { step() }
        }
        emit(.word, string(start), from: start, line: line)
    }

    private func startsFraction() -> Bool {
        byte() == Self.dot && byte(1) >= 48 && byte(1) <= 57
    }

    /// An operator is read as far as it goes; `!` and `?` behind a value stand for themselves.
    private mutating func readMark() {
        let start = position
        let isBehind = position == endOfLast && tokens.last?.kind != .documentation
        if isBehind, byte() == Self.bang || byte() == Self.question, byte(1) != Self.equals {
            step()
        } else if Self.operators.contains(byte()) {
            while Self.operators.contains(byte()), !has("//"), !has("/*") { step() }
        } else {
            step()
        }
        emit(.mark, string(start), from: start, line: line)
    }

    private func string(_ start: Int) -> String {
        String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
            || byte == 95 || byte >= 128
    }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let backtick = UInt8(ascii: "`")
    private static let backslash = UInt8(ascii: "\\")
    private static let hash = UInt8(ascii: "#")
    private static let dot = UInt8(ascii: ".")
    private static let bang = UInt8(ascii: "!")
    private static let question = UInt8(ascii: "?")
    private static let equals = UInt8(ascii: "=")
    private static let opening = UInt8(ascii: "(")
    private static let closing = UInt8(ascii: ")")
    private static let operators = Set("+-*/%<>=&|^~!?.".utf8)
}
