// SPDX-License-Identifier: Apache-2.0
// Reelwork: what must not be left behind in the sources.

/// What must not be left behind in the sources: marks of unfinished work, traps, sleeps, prints.
enum LeftoverRule {
    /// Words that stand for unfinished work; put together here, so that this file holds none.
    static let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]

    /// A setting of the environment that hides what depends on the order of a dictionary.
    static let hiddenOrder = "SWIFT_" + "DETERMINISTIC_HASHING"

    /// Where wrapping arithmetic is the point: hashes and seeded generators.
    static let hashing: Set<String> = [
        "Sources/ReelworkCore/Policy/RandomSource.swift",
        "Sources/ReelworkCore/Workers/OpenSetDigest.swift",
        "Sources/ReelworkScheduling/Jobs/OutputDigest.swift",
        "Tests/ReelworkCoreTests/SplitMix.swift",
        "Tests/ReelworkWireTests/SeededGenerator.swift",
        "Tests/ReelworkWorkerTests/Agent/AgentMachineRandomTests.swift",
    ]

    /// Where tests may wait for time itself, and why.
    static let sleepers: Set<String> = [
        // Looks at programs from outside: files, processes and sockets that signal nobody.
        "Tests/IntegrationTests/Support/Eventually.swift"
    ]

    /// Where a line may be printed, besides the roof.
    static let printers: Set<String> = [
        // Says once, before the tests, which film is missing and that a clip takes its place.
        "Tests/EngineTestKit/TestFilms.swift", "Tests/IntegrationTests/Support/TestMedia.swift",
        // What the programs said, where a test of them failed.
        "Tests/IntegrationTests/Support/House.swift",
        // Times that were measured, for whoever compares two runs.
        "Tests/IntegrationTests/EndingTests.swift",
        "Tests/IntegrationTests/SchedulerDeathTests.swift",
        "Tests/IntegrationTests/WorkerDeathTests.swift",
    ]

    private static let wrapping: Set<String> = [
        "&+", "&-", "&*", "&<<", "&>>", "&+=", "&-=", "&*=", "&<<=", "&>>=",
    ]
    private static let sleeps: Set<String> = ["sleep", "usleep", "nanosleep", "clock_nanosleep"]
    private static let names: Set<String> = [
        "as", "catch", "else", "if", "in", "is", "return", "try", "throw", "where", "while", "case",
    ]

    static func markers(in file: SourceFile) -> [Breach] {
        let wanted = markers + [hiddenOrder]
        guard wanted.contains(where: { file.text.contains($0) }) else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            return wanted.filter { words.contains($0[...]) }.map {
                Breach(path: file.path, line: index + 1, rule: "holds \($0)")
            }
        }
    }

    /// `try!`, `as!`, `x!`, `fatalError`, and Sendable by promise.
    static func traps(in file: SourceFile) -> [Breach] {
        found(in: file) { before, token, _ in
            if token.isMark("!"), token.isJoined, let before {
                if before.isWord("try") || before.isWord("as") { return "has \(before.text)!" }
                if before.isMark("#") || before.isMark("(") || before.isMark("[") { return nil }
                let endsValue =
                    before.kind != .mark || [")", "]", ">", "}", "?"].contains(before.text)
                return endsValue && !names.contains(before.text) ? "unwraps by force" : nil
            }
            if token.isWord("fatalError") { return "ends the program by fatalError" }
            if token.isWord("unchecked"), before?.isMark("@") == true {
                return "is Sendable by promise"
            }
            return nil
        }
    }

    static func prints(in file: SourceFile) -> [Breach] {
        found(in: file) { before, token, after in
            guard token.isWord("print") || token.isWord("debugPrint") else { return nil }
            let isCall = after?.isMark("(") == true && before?.isMark(".") != true
            return isCall && before?.isWord("func") != true ? "prints" : nil
        }
    }

    static func sleeps(in file: SourceFile) -> [Breach] {
        guard file.isSwift else {
            return file.lines.enumerated().filter { _, line in
                sleeps.contains { line.contains($0 + "(") }
            }.map { Breach(path: file.path, line: $0.offset + 1, rule: "sleeps") }
        }
        return found(in: file) { before, token, after in
            guard token.kind == .word, sleeps.contains(token.text), before?.isWord("func") != true
            else { return nil }
            return after?.isMark("(") == true ? "sleeps: wait for a signal" : nil
        }
    }

    static func wrapping(in file: SourceFile) -> [Breach] {
        found(in: file) { _, token, _ in
            token.kind == .mark && wrapping.contains(token.text)
                ? "wraps by \(token.text): only hashing may" : nil
        }
    }

    private static func found(
        in file: SourceFile,
        _ rule: (_ before: Token?, _ token: Token, _ after: Token?) -> String?
    ) -> [Breach] {
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            let before = index > 0 ? tokens[index - 1] : nil
            let after = index + 1 < tokens.count ? tokens[index + 1] : nil
            return rule(before, tokens[index], after).map {
                Breach(path: file.path, line: tokens[index].line, rule: $0)
            }
        }
    }
}
