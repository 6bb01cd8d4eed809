// SPDX-License-Identifier: Apache-2.0
// Reelwork: the budgets of files, functions, lines and types, tested on the sources.
import Testing

// Goal: every file fits on a few screens, says what it is, and is where its name is looked for.
// Method: each budget first on a planted text that breaks it, then on every source.
struct BudgetTests {
    // MARK: The rules can fail

    @Test func refusesLongFiles() {
        let file = SourceFile("A.swift", String(repeating: "a\n", count: 450))
        #expect(BudgetRule.fileLength(file, allowed: [:]).count == 1)
        #expect(BudgetRule.fileLength(file, allowed: ["A.swift": 449]).count == 1)
        #expect(BudgetRule.fileLength(file, allowed: ["A.swift": 450]).isEmpty)
        let huge = SourceFile("A.swift", String(repeating: "a\n", count: 601))
        #expect(BudgetRule.fileLength(huge, allowed: ["A.swift": 700]).count == 1)
    }

    @Test func wantsShortFilesOffTheList() {
        let file = SourceFile("A.swift", String(repeating: "a\n", count: 400))
        #expect(BudgetRule.fileLength(file, allowed: [:]).isEmpty)
        #expect(BudgetRule.fileLength(file, allowed: ["A.swift": 450]).count == 1)
    }

    @Test func refusesLongLines() {
        let text = [100, 101].map { String(repeating: "ä", count: $0) }.joined(separator: "\n")
        #expect(BudgetRule.columns(SourceFile("A.c", text)).map(\.line) == [2])
    }

    @Test(arguments: [
        "import A\nimport B\n\n",
        "// SPDX-License-Identifier: MIT\n// Reelwork: a thing.\n\n",
        "// SPDX-License-Identifier: Apache-2.0\n// Reelwork:\n\n",
        "// SPDX-License-Identifier: Apache-2.0\nimport A\n\n",
    ])
    func refusesAFileWithoutHeader(text: String) {
        #expect(BudgetRule.header(SourceFile("A.h", text)).count == 1)
    }

    @Test func measuresSwiftFunctions() {
        let text = """
            protocol P { func a() throws; var b: Int { get } }
            struct S {
                var stored = [1, 2].map { $0 }
                func short() { a("}") }
                init(
                    a: @escaping () -> Void = { }
                ) {
                    // }
                    if a { b }
                }
                var computed: Int {
                    1
                }
            }
            """
        let found = SwiftFunctions.all(in: SourceFile("A.swift", text).tokens)
        #expect(found.map(\.name) == ["b", "short", "init", "computed"])
        #expect(found.map(\.lines) == [1, 1, 6, 3])
    }

    @Test func measuresCFunctions() {
        let text = """
            int prototype(int a,
                int b);
            static const int table[] = {
                1,
            };
            static int real(
                int a)
            {
                return 1;
            }
            int other(void) {
            }
            """
        let found = CFunctions.all(in: SourceFile("A.c", text))
        #expect(found.map(\.line) == [6, 11])
        #expect(found.map(\.lines) == [5, 2])
    }

    @Test(arguments: ["A.swift", "A.c"])
    func refusesLongFunctions(path: String) {
        func text(_ lines: Int) -> String {
            let start = path.hasSuffix("c") ? "int a(void) {\n" : "func a() {\n"
            return start + String(repeating: "    a();\n", count: lines - 2) + "}\n"
        }
        #expect(BudgetRule.functions(SourceFile(path, text(70))).isEmpty)
        #expect(BudgetRule.functions(SourceFile(path, text(71))).count == 1)
    }

    @Test(arguments: [
        ("B.swift", "struct A {}"),
        ("A.swift", "struct A {}\nenum B {}"),
        ("A.swift", "extension A {}"),
        ("A+B.swift", "extension C {}"),
        ("A+B.swift", "extension A {}\nstruct B {}"),
        ("A.swift", "private struct A {}"),
        ("A.swift", "extension B { struct A {} }"),
        ("A.swift", "func a() {}"),
        ("A.swift", "struct A {}\nstruct Failed: Error {}"),
        ("Tests/X/A.swift", "struct A {}\nstruct B {}"),
    ])
    func refusesTypesInWrongFiles(path: String, text: String) {
        #expect(!TypeRule.breaches(in: SourceFile(path, text), exceptions: []).isEmpty)
    }

    @Test(arguments: [
        ("A.swift", "import struct C.B\npackage struct A { enum B {} }\nextension B {}"),
        ("A.swift", "@MainActor final class A {}\nprivate enum B {}\nfileprivate struct C {}"),
        ("A+B.swift", "extension A {}\nextension C {}\nprivate struct D {}"),
        ("A+B.swift", "extension C.A {}"),
        ("Tests/X/ATests.swift", "extension Suite { struct ATests {} }"),
        ("Tests/X/A.swift", "func a() {}"),
        ("Tests/X/A.swift", "struct Failed: Error {}\nfunc a() {}"),
        ("Tests/X/A.swift", "struct A {}\nstruct Failed: Error {}"),
        ("Tests/X/A+BTests.swift", "struct ABTests {}"),
        ("main.swift", "run()"),
    ])
    func acceptsTypesInTheirFiles(path: String, text: String) {
        #expect(TypeRule.breaches(in: SourceFile(path, text), exceptions: []).isEmpty)
    }

    // MARK: The sources

    @Test func everyFileFitsItsBudget() {
        for file in SourceTree.sources {
            expectNone(BudgetRule.fileLength(file, allowed: BudgetRule.longFiles))
            expectNone(BudgetRule.columns(file))
        }
    }

    @Test func everyNamedExceptionIsAFile() {
        let paths = Set(SourceTree.sources.map(\.path))
        for path in TypeRule.exceptions.union(TypeRule.groups).union(BudgetRule.longFiles.keys)
            .sorted()
        {
            #expect(paths.contains(path), "\(path) is gone: take it off the list")
        }
    }

    @Test func everyFileSaysWhatItIs() {
        for file in SourceTree.sources { expectNone(BudgetRule.header(file)) }
    }

    @Test func everyFunctionFitsItsBudget() {
        for file in SourceTree.sources { expectNone(BudgetRule.functions(file)) }
    }

    @Test func everyFileHoldsTheTypeOfItsName() {
        for file in SourceTree.sources where file.isSwift {
            expectNone(TypeRule.breaches(in: file, exceptions: TypeRule.exceptions))
        }
    }
}
