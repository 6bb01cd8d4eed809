// SPDX-License-Identifier: Apache-2.0
// Reelwork: every threat to the wire has a test, tested on the tests.
import Testing

// Goal: the map from the security checklist and the lessons to the tests that prove them does not
// rot. Method: the rule first on planted comments, then on every test of the other suites.
struct ChecklistTests {
    private func missing(_ text: String) -> [String] {
        ChecklistRule.missing(in: [SourceFile("Tests/A/B.swift", text)])
    }

    @Test func findsWhatNoTestNames() {
        let all = ChecklistRule.words.map(\.word)
        #expect(missing("let a = 1\n") == all)
        #expect(missing(all.map { "// \($0): so\n" }.joined()) == [])
        for word in all {
            let others = all.filter { $0 != word }.map { "/// \($0).\n" }.joined()
            #expect(missing(others) == [word])
        }
    }

    @Test func aNumberIsNotTheBeginningOfAnother() {
        #expect(missing("// Security checklist 15").contains("Security checklist 1"))
        #expect(!missing("// (Security checklist 1)").contains("Security checklist 1"))
    }

    @Test func onlyCommentsCount() {
        #expect(missing("let a = \"Lesson 33\"").contains("Lesson 33"))
        #expect(!missing("let a = 1  // Lesson 33").contains("Lesson 33"))
    }

    @Test func everyThreatAndLessonIsNamedByATest() {
        let files = SourceTree.sources.filter { file in
            let isThis = file.path.hasPrefix("Tests/TidyTests/") && file.stem.hasPrefix("Checklist")
            return file.isSwift && file.lies(in: "Tests") && !isThis
        }
        #expect(files.count > 100)
        let missing = ChecklistRule.missing(in: files)
        for (word, meaning) in ChecklistRule.words where missing.contains(word) {
            Issue.record("no test says `\(word)` (\(meaning)); name the test that proves it")
        }
    }
}
