// SPDX-License-Identifier: Apache-2.0
// Reelwork: the targets that `Package.swift` declares, read from its text.

/// The targets that `Package.swift` declares, read from its text.
struct Manifest {
    /// One declaration.
    struct Target {
        let name: String
        let folder: String
        let isTest: Bool
        /// Names of targets and products, the groups (`nio`, `sqlite`) resolved.
        let dependencies: Set<String>
    }

    private(set) var targets: [Target] = []

    init(_ text: String) {
        let tokens = SwiftLexer.tokens(of: text)
        let groups = Self.groups(in: tokens)
        guard let start = Self.startOfTargets(in: tokens) else { return }
        for element in Self.elements(from: start, in: tokens) {
            if let target = Self.target(element, groups) { targets.append(target) }
        }
    }

    /// Everything that a target needs, however far below.
    func closure(of name: String) -> Set<String> {
        var reached: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            for target in targets where target.name == next {
                open += target.dependencies.subtracting(reached).sorted()
                reached.formUnion(target.dependencies)
            }
        }
        return reached
    }

    /// `let name = …product(name: "Product", …)`, one product or a list.
    private static func groups(in tokens: [Token]) -> [String: Set<String>] {
        var groups: [String: Set<String>] = [:]
        var group = ""
        for (index, token) in tokens.enumerated() {
            if token.isFirst, token.isWord("let"), index + 1 < tokens.count {
                group = tokens[index + 1].text
                if group == "package" { break }
            }
            if token.kind == .text, label(of: index, in: tokens) == "name", !group.isEmpty {
                groups[group, default: []].insert(token.text)
            }
        }
        return groups
    }

    /// The list that follows the last `targets:`: those of products come before it.
    private static func startOfTargets(in tokens: [Token]) -> Int? {
        let starts = tokens.indices.dropLast(2).filter { index in
            tokens[index].isWord("targets") && tokens[index + 1].isMark(":")
                && tokens[index + 2].isMark("[") && tokens[index].isFirst
        }
        return starts.last.map { $0 + 3 }
    }

    private static func elements(from start: Int, in tokens: [Token]) -> [[Token]] {
        var elements: [[Token]] = [[]]
        var depth = 0
        for token in tokens[start...] {
            if ["(", "[", "{"].contains(where: token.isMark) { depth += 1 }
            if [")", "]", "}"].contains(where: token.isMark) { depth -= 1 }
            if depth < 0 { break }
            if depth == 0, token.isMark(",") {
                elements.append([])
            } else {
                elements[elements.count - 1].append(token)
            }
        }
        return elements.filter { !$0.isEmpty }
    }

    private static func target(_ tokens: [Token], _ groups: [String: Set<String>]) -> Target? {
        guard let call = tokens.first(where: { $0.kind == .word })?.text,
            let first = tokens.firstIndex(where: { $0.kind == .text })
        else { return nil }
        let isTest = call == "tests" || call == "testTarget"
        var folder: String?
        var dependencies: Set<String> = []
        for (index, token) in tokens.enumerated() where index != first {
            let label = label(of: index, in: tokens)
            if token.kind == .text {
                if label == "path" || label == "in" { folder = token.text }
                if label == nil || label == "name" { dependencies.insert(token.text) }
            } else if token.kind == .word, let group = groups[token.text] {
                dependencies.formUnion(group)
            }
        }
        let name = tokens[first].text
        return Target(
            name: name,
            folder: folder ?? (isTest ? "Tests/\(name)" : "Sources/\(name)"),
            isTest: isTest,
            dependencies: dependencies
        )
    }

    private static func label(of index: Int, in tokens: [Token]) -> String? {
        guard index >= 2, tokens[index - 1].isMark(":") else { return nil }
        return tokens[index - 2].text
    }
}
