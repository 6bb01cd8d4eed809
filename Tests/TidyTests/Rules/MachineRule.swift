// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a machine's files must not hold: a `default:`, and the order of a dictionary.

/// What a machine's files must not hold: a `default:`, and the order of a dictionary.
enum MachineRule {
    /// The machines: the folder that each lies in and the name that its files begin with.
    static let machines: [(folder: String, name: String)] = [
        ("Sources/ReelworkCore", "JobMachine"),
        ("Sources/ReelworkScheduling", "Scheduler"),
        ("Sources/ReelworkDaemon", "CommitMachine"),
        ("Sources/ReelworkRPC", "SessionMachine"),
        ("Sources/ReelworkWorker", "AgentMachine"),
        ("Sources/ReelworkWorker", "AttemptMachine"),
        ("Sources/ReelworkClient", "ReconnectMachine"),
    ]

    /// Folders that hold only machines and the values they are made of.
    static let pureFolders = ["Sources/ReelworkCore", "Sources/ReelworkScheduling"]

    /// Where the order changes nothing, and why.
    static let orderExceptions: Set<String> = [
        // Adds up what the open attempts need: a sum.
        "Sources/ReelworkScheduling/Fleet/Worker.swift"
    ]

    /// What may follow a dictionary's keys or values: the order changes nothing in the answer.
    private static let orderless: Set<String> = [
        "sorted", "count", "isEmpty", "contains", "allSatisfy", "min", "max",
    ]

    static func isMachine(_ file: SourceFile) -> Bool {
        machines.contains { machine in
            file.lies(in: machine.folder)
                && file.stem.split(separator: "+").first == machine.name[...]
        }
    }

    static func isPure(_ file: SourceFile) -> Bool {
        isMachine(file) || pureFolders.contains { file.lies(in: $0) }
    }

    static func defaults(in file: SourceFile) -> [Breach] {
        let tokens = file.tokens
        return tokens.indices.dropLast().filter { index in
            tokens[index].isWord("default") && tokens[index].isFirst
                && tokens[index + 1].isMark(":")
        }.map { Breach(path: file.path, line: tokens[$0].line, rule: "has a `default:`") }
    }

    /// Names that a file declares as a dictionary or a set.
    static func unordered(in file: SourceFile) -> Set<String> {
        let tokens = file.tokens
        var names: Set<String> = []
        for index in tokens.indices.dropLast(3)
        where tokens[index].isWord("var") || tokens[index].isWord("let") {
            let mark = tokens[index + 2]
            guard mark.isMark(":") || mark.isMark("=") else { continue }
            let first = tokens[index + 3]
            let isNamed = first.isWord("Set") || first.isWord("Dictionary")
            if isNamed || (first.isMark("[") && hasKeys(index + 3, tokens)) {
                names.insert(tokens[index + 1].text)
            }
        }
        return names
    }

    /// Loops over one of the names, and uses of its keys and values, where the order shows.
    static func order(in file: SourceFile, _ names: Set<String>) -> [Breach] {
        let tokens = file.tokens
        let lists = lists(in: tokens)
        return tokens.indices.compactMap { index in
            if lists.contains(tokens[index].text), !tokens[index - 1].isMark(".") { return nil }
            guard tokens[index].kind == .word, names.contains(tokens[index].text) else {
                return nil
            }
            var path = calls(after: index, in: tokens)
            let isLoop = opensLoop(index, tokens)
            guard isLoop || path.first == "keys" || path.first == "values" else { return nil }
            if path.first == "keys" || path.first == "values" { path.removeFirst() }
            if path.contains(where: orderless.contains) { return nil }
            if !isLoop, path.isEmpty { return nil }
            return Breach(
                path: file.path,
                line: tokens[index].line,
                rule: "follows the order of \(tokens[index].text), which is random"
            )
        }
    }

    /// `[` with a `:` before its own `]`.
    private static func hasKeys(_ opening: Int, _ tokens: [Token]) -> Bool {
        var depth = 0
        for token in tokens[opening...] {
            if ["[", "(", "{"].contains(where: token.isMark) { depth += 1 }
            if ["]", ")", "}"].contains(where: token.isMark) { depth -= 1 }
            if depth == 0 { return false }
            if depth == 1, token.isMark(":") { return true }
        }
        return false
    }

    /// The names that follow: `.values.filter { … }.sorted()` gives values, filter, sorted.
    private static func calls(after start: Int, in tokens: [Token]) -> [String] {
        var names: [String] = []
        var index = start + 1
        while index < tokens.count {
            if tokens[index].isMark("."), index + 1 < tokens.count {
                names.append(tokens[index + 1].text)
                index += 2
            } else if ["(", "{", "["].contains(where: tokens[index].isMark), !names.isEmpty,
                tokens[index].isJoined || tokens[index].isMark("{")
            {
                var depth = 0
                repeat {
                    if ["(", "{", "["].contains(where: tokens[index].isMark) { depth += 1 }
                    if [")", "}", "]"].contains(where: tokens[index].isMark) { depth -= 1 }
                    index += 1
                } while depth > 0 && index < tokens.count
            } else {
                break
            }
        }
        return names
    }

    /// Whether the name is what a `for … in` goes through.
    private static func opensLoop(_ index: Int, _ tokens: [Token]) -> Bool {
        var before = index - 1
        while before > 1, tokens[before].isMark("."), tokens[before - 1].kind == .word {
            before -= 2
        }
        guard before > 0, tokens[before].isWord("in") else { return false }
        while before > 0 {
            before -= 1
            if tokens[before].isWord("for") { return true }
            if ["{", "}"].contains(where: tokens[before].isMark) { return false }
        }
        return false
    }

    /// Names of parameters that are lists: in a file that has one, the bare name is no dictionary.
    private static func lists(in tokens: [Token]) -> Set<String> {
        var names: Set<String> = []
        for index in tokens.indices.dropLast(3) where index > 0 {
            let before = tokens[index - 1]
            let isParameter = before.isMark("(") || before.isMark(",") || before.kind == .word
            guard isParameter, !before.isWord("var"), !before.isWord("let"),
                tokens[index].kind == .word, tokens[index + 1].isMark(":"),
                tokens[index + 2].isMark("["), !hasKeys(index + 2, tokens)
            else { continue }
            names.insert(tokens[index].text)
        }
        return names
    }
}
