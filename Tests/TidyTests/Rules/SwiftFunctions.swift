// SPDX-License-Identifier: Apache-2.0
// Reelwork: finds the functions of a Swift file.

/// Finds the functions, initializers, subscripts and computed properties of a Swift file.
enum SwiftFunctions {
    private static let keywords: Set<String> = ["func", "init", "deinit", "subscript", "var"]
    private static let declarations: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "static", "public", "package",
        "private", "internal", "fileprivate", "mutating", "nonisolated", "typealias", "struct",
        "enum", "class", "actor", "protocol", "extension", "associatedtype", "override", "final",
    ]

    static func all(in tokens: [Token]) -> [FunctionSpan] {
        tokens.indices.compactMap { index in
            let token = tokens[index]
            guard token.kind == .word, keywords.contains(token.text) else { return nil }
            if index > 0, tokens[index - 1].isMark(".") { return nil }
            guard let opening = body(after: index, in: tokens),
                let closing = end(of: opening, in: tokens)
            else { return nil }
            let isNamed = token.text == "func" || token.text == "var"
            return FunctionSpan(
                name: isNamed && index + 1 < tokens.count ? tokens[index + 1].text : token.text,
                line: token.line,
                lines: tokens[closing].line - token.line + 1
            )
        }
    }

    /// The brace that opens the body; nothing for a requirement or a stored property.
    private static func body(after start: Int, in tokens: [Token]) -> Int? {
        let isProperty = tokens[start].text == "var"
        var depth = 0
        for index in tokens.indices[(start + 1)...] {
            let token = tokens[index]
            if depth == 0 {
                if token.isMark("{") { return index }
                if token.isMark("}") || token.isMark(";") || token.isMark(")") { return nil }
                if token.kind == .documentation { return nil }
                if isProperty, token.isMark("=") || token.isMark(",") || token.isWord("in") {
                    return nil
                }
                if token.isFirst, token.isMark("@") { return nil }
                if token.isFirst, token.kind == .word, declarations.contains(token.text) {
                    return nil
                }
            }
            if ["(", "[", "{"].contains(token.text), token.kind == .mark { depth += 1 }
            if [")", "]", "}"].contains(token.text), token.kind == .mark { depth -= 1 }
        }
        return nil
    }

    private static func end(of opening: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        for index in tokens.indices[opening...] {
            if tokens[index].isMark("{") { depth += 1 }
            if tokens[index].isMark("}") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }
}
