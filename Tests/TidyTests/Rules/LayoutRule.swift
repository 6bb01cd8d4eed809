// SPDX-License-Identifier: Apache-2.0
// Reelwork: which folders there are, and which names say nothing.

/// Which folders there are, and which names say nothing.
enum LayoutRule {
    /// What may lie at the top of the tree.
    static let top: Set<String> = [
        "Package.swift", "Sources", "Tests", "Plugins", "proto-spec", "README.md", "CHANGELOG.md",
        "LICENSE", "Makefile", ".gitignore", ".swift-format", ".ci",
    ]

    /// Suites that test more than one target, or one under another name.
    static let suites: Set<String> = [
        "CellarTests", "JobStoreConformanceTests", "SpecTests", "SimulationTests",
        "IntegrationTests", "StoredSchedulingTests", "TidyTests", "Fuzz",
        // Programs, whose names begin small: reelwork-exec and reelwork.
        "ReelworkExecTests", "ReelworkCommandTests", "ReelworkBenchTests",
    ]

    /// Folders under Tests that several suites share; each has a row in `HouseTable`.
    static let shared: Set<String> = [
        "EngineTestKit", "StoreTestKit", "FakeEngine", "PublishPause", "AllocationCount",
        "CrashDisk",
    ]

    private static let emptyNames: Set<String> = [
        "Common", "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Manager",
        "Managers", "Misc",
    ]

    /// Names that a thing of the domain has: the helper is `reelwork-exec`, the parent of encoders.
    static let named: Set<String> = ["Tests/ReelworkExecTests/Helper.swift"]

    static func stray(_ paths: [String]) -> [Breach] {
        let names = Set(paths.compactMap { $0.split(separator: "/").first.map(String.init) })
        return names.subtracting(top).sorted().map {
            Breach(path: $0, line: 0, rule: "has no place at the top of the tree")
        }
    }

    /// Files and folders whose name ends in a word that says nothing.
    static func emptyNames(_ paths: [String]) -> [Breach] {
        paths.filter { !named.contains($0) }.filter { path in
            path.split(separator: "/").contains { part in
                let stem = part.split { $0 == "." || $0 == "+" }.first ?? ""
                return emptyNames.contains(lastWord(stem))
            }
        }.map { Breach(path: $0, line: 0, rule: "is named for no thing of the domain") }
    }

    /// Test targets without a target that they test.
    static func orphans(_ tests: [String], of targets: Set<String>) -> [Breach] {
        tests.filter { name in
            let tested = name.hasSuffix("Tests") ? String(name.dropLast(5)) : name
            return !suites.contains(name) && !shared.contains(name) && !targets.contains(tested)
        }.map { Breach(path: "Tests/\($0)", line: 0, rule: "tests no target of this name") }
    }

    /// `JobStoreHelper` gives `Helper`, `helpers` gives `Helpers`.
    private static func lastWord(_ stem: Substring) -> String {
        let start = stem.lastIndex { $0.isUppercase || $0 == "_" || $0 == "-" || $0 == "+" }
        let word = stem[(start ?? stem.startIndex)...].drop { !$0.isLetter }
        return word.prefix(1).uppercased() + word.dropFirst()
    }
}
