// SPDX-License-Identifier: Apache-2.0
// Reelwork: every declaration that others see is documented.

/// Every declaration that others see is documented.
enum DocumentationRule {
    private static let modifiers: Set<String> = [
        "static", "final", "mutating", "nonmutating", "nonisolated", "isolated", "indirect", "lazy",
        "weak", "unowned", "borrowing", "consuming", "convenience", "required", "override", "async",
        "private", "fileprivate", "internal", "package", "public", "class",
    ]
    private static let declarations: Set<String> = [
        "struct", "enum", "class", "actor", "protocol", "func", "init", "deinit", "subscript",
        "var", "let", "typealias", "associatedtype", "case", "operator", "macro",
    ]

    /// A brace that is open, and what opened it.
    private enum Scope {
        case cases
        case requirements
        case other
    }

    static func breaches(in file: SourceFile) -> [Breach] {
        let tokens = file.tokens
        var breaches: [Breach] = []
        var scopes: [Scope] = []
        var next = Scope.other
        func check(_ index: Int, _ name: String) {
            guard !isDocumented(index, in: tokens) else { return }
            let rule = "\(name) has no documentation"
            breaches.append(Breach(path: file.path, line: tokens[index].line, rule: rule))
        }
        for (index, token) in tokens.enumerated() {
            if token.isMark("{") {
                scopes.append(next)
                next = .other
            } else if token.isMark("}") {
                _ = scopes.popLast()
            }
            guard token.kind == .word else { continue }
            if token.text == "public" || token.text == "package" {
                guard let keyword = keyword(after: index, in: tokens) else { continue }
                let kind = tokens[keyword].text
                if kind == "extension" {
                    let rule = "wants its access written at the members"
                    breaches.append(Breach(path: file.path, line: token.line, rule: rule))
                } else if declarations.contains(kind) {
                    check(index, name(keyword, in: tokens))
                    if kind == "enum" { next = .cases }
                    if kind == "protocol" { next = .requirements }
                }
            } else if token.text == "case", scopes.last == .cases {
                check(index, name(index, in: tokens))
            } else if scopes.last == .requirements, declarations.contains(token.text),
                index > 0, !tokens[index - 1].isMark(".")
            {
                check(index, name(index, in: tokens))
            }
        }
        return breaches
    }

    /// The keyword that the access level belongs to; nothing where it is only a name.
    private static func keyword(after access: Int, in tokens: [Token]) -> Int? {
        var index = access + 1
        while index < tokens.count {
            let token = tokens[index]
            if token.isWord("class"), index + 1 < tokens.count, tokens[index + 1].kind == .word,
                !declarations.contains(tokens[index + 1].text)
            {
                return index
            }
            if token.kind == .word, modifiers.contains(token.text) {
                index += 1
            } else if token.isMark("("), index + 2 < tokens.count {
                index += 3
            } else if token.isMark("@") {
                index += 2
            } else {
                let isKeyword = token.text == "extension" || declarations.contains(token.text)
                return token.kind == .word && isKeyword ? index : nil
            }
        }
        return nil
    }

    /// Whether documentation stands before the modifiers and attributes of a declaration.
    private static func isDocumented(_ start: Int, in tokens: [Token]) -> Bool {
        var index = start - 1
        while index >= 0 {
            let token = tokens[index]
            if token.kind == .documentation { return true }
            if token.isMark(")") {
                var depth = 0
                repeat {
                    if tokens[index].isMark(")") { depth += 1 }
                    if tokens[index].isMark("(") { depth -= 1 }
                    index -= 1
                } while depth > 0 && index >= 0
            } else if token.kind == .word, modifiers.contains(token.text) {
                index -= 1
            } else if token.kind == .word, index > 0, tokens[index - 1].isMark("@") {
                index -= 2
            } else {
                return false
            }
        }
        return false
    }

    private static func name(_ keyword: Int, in tokens: [Token]) -> String {
        let kind = tokens[keyword].text
        let isNamed = kind != "init" && kind != "subscript" && kind != "deinit"
        return isNamed && keyword + 1 < tokens.count ? "\(kind) \(tokens[keyword + 1].text)" : kind
    }
}
