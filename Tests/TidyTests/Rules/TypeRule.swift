// SPDX-License-Identifier: Apache-2.0
// Reelwork: one type a file, and the file named after it.

/// One type a file, and the file named after it; an extension `Type+Topic.swift`.
enum TypeRule {
    /// Files with a second type that other files see, and why it stands there.
    static let exceptions: Set<String> = [
        // The three ways a recovery can be asked for, done and told: nothing without each other.
        "Sources/ReelworkClient/Admin/RecoverTarget.swift",
        // The two directions of the same table of events.
        "Sources/ReelworkTestKit/World/WorldEvent.swift",
        // The protocol of a connector and that of what it gives.
        "Sources/ReelworkWorker/Agent/AgentTransport.swift",
        // One call that waits, in its two forms.
        "Sources/ReelworkRPC/Client/PendingCall.swift",
    ]

    /// Files that hold one topic of several small types, named after what they have in common.
    static let groups: Set<String> = [
        "Sources/ReelworkWire/Messages/Values/Holding+Wire.swift",
        "Sources/ReelworkWire/Messages/Values/Pairs+Wire.swift",
        "Sources/ReelworkWire/Messages/Values/Submission+Wire.swift",
    ]

    private static let keywords: Set<String> = ["struct", "class", "enum", "actor", "protocol"]

    /// A type or an extension at the top of a file.
    struct Declaration: Equatable {
        let isExtension: Bool
        let isPrivate: Bool
        /// Whether it is an error, which in tests may stand beside what throws it.
        let isError: Bool
        /// How many braces are open round it: 1 for a suite inside an extension.
        let depth: Int
        let name: String
        let line: Int
    }

    static func declarations(in file: SourceFile) -> [Declaration] {
        var depth = 0
        var found: [Declaration] = []
        for (index, token) in file.tokens.enumerated() {
            if token.isMark("{") { depth += 1 }
            if token.isMark("}") { depth -= 1 }
            guard depth <= 1, token.kind == .word, index + 1 < file.tokens.count else { continue }
            let isExtension = depth == 0 && token.text == "extension"
            guard isExtension || keywords.contains(token.text) else { continue }
            guard file.tokens[index + 1].kind == .word else { continue }
            if index > 0, file.tokens[index - 1].isWord("import") { continue }
            let before = file.tokens[..<index].suffix(3)
            found.append(
                Declaration(
                    isExtension: isExtension,
                    isPrivate: before.contains { $0.isWord("private") || $0.isWord("fileprivate") },
                    isError: file.tokens[index...].prefix { !$0.isMark("{") }
                        .contains { $0.isWord("Error") },
                    depth: depth,
                    name: name(at: index + 1, in: file.tokens),
                    line: token.line
                )
            )
        }
        return found
    }

    static func breaches(in file: SourceFile, exceptions: Set<String>) -> [Breach] {
        guard file.stem != "main", !groups.contains(file.path) else { return [] }
        let declared = declarations(in: file)
        let all = declared.filter { $0.depth == 0 }
        let types = all.filter { !$0.isExtension && !$0.isPrivate }
        let isTest = file.lies(in: "Tests")
        // Functions that several suites call, with no more than the error that they throw.
        if isTest, all.allSatisfy({ $0.isError && !$0.isExtension }),
            file.tokens.contains(where: { $0.isWord("func") })
        {
            return []
        }
        let parts = file.stem.split(separator: "+", maxSplits: 1)
        let owner = parts.first.map(String.init) ?? ""
        func breach(_ declaration: Declaration, _ rule: String) -> Breach {
            Breach(path: file.path, line: declaration.line, rule: "\(declaration.name) \(rule)")
        }
        var breaches: [Breach] = []
        // Tests of a topic are a suite: `Duration+WordsTests` holds `DurationWordsTests`.
        let suite = parts.joined()
        let isTopic = parts.count == 2 && !types.contains { $0.name == suite }
        let home = isTopic ? "" : suite
        // Suites may lie inside an extension of the suite that runs them one by one.
        func holds(_ name: String) -> Bool {
            types.contains { $0.name == name }
                || (isTest && declared.contains { $0.depth == 1 && $0.name == name })
        }
        let extends = all.contains {
            $0.isExtension && $0.name.split(separator: ".").contains(owner[...])
        }
        if isTopic ? !extends : !holds(home) {
            let wanted = isTopic ? "an extension of \(owner)" : "a type \(home)"
            let rule = "wants \(wanted), as it is named"
            breaches.append(Breach(path: file.path, line: 0, rule: rule))
        }
        if !exceptions.contains(file.path) {
            let others = types.filter { $0.name != home && !(isTest && $0.isError) }
            breaches += others.map { breach($0, "wants a file of its own, or to be private") }
        }
        return breaches
    }

    private static func name(at start: Int, in tokens: [Token]) -> String {
        var name = tokens[start].text
        var index = start + 1
        while index + 1 < tokens.count, tokens[index].isMark("."), tokens[index + 1].kind == .word {
            name += "." + tokens[index + 1].text
            index += 2
        }
        return name
    }
}
