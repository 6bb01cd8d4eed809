// SPDX-License-Identifier: Apache-2.0
// Reelwork: nothing is left behind, tested on the sources.
import Testing

// Goal: no unfinished work, no trap, no sleep and no stray output in the sources.
// Method: each rule first on a planted text that breaks it, then on every source.
struct CleanlinessTests {
    // MARK: The rules can fail

    @Test(arguments: LeftoverRule.markers + [LeftoverRule.hiddenOrder])
    func findsMarkers(marker: String) {
        let text = "a()\n// \(marker): later\nlet \(marker)S = 1\n"
        #expect(LeftoverRule.markers(in: SourceFile("a.md", text)).map(\.line) == [2])
    }

    @Test(arguments: [
        "try! run()", "a as! B", "a!.b", "a[0]!", "run()!", "var a: Int!", "fatalError()",
        "extension A: @unchecked Sendable {}", "\"\\(a!)\"",
    ])
    func findsTraps(text: String) {
        #expect(LeftoverRule.traps(in: SourceFile("A.swift", text)).count == 1)
    }

    @Test(arguments: [
        "if !a { return !b }", "a != b", "// try! x", "\"fatalError!\"", "call(!a)", "[!a, !b]",
        "a!=b", "#\"\\(a!)\"#", "/* a! /* b! */ c! */",
    ])
    func acceptsWhatIsNoTrap(text: String) {
        #expect(LeftoverRule.traps(in: SourceFile("A.swift", text)).isEmpty)
    }

    @Test func findsPrints() {
        let text = "print(a)\nsheet.print(b)\nfunc print() {}\n\"print(c)\"\ndebugPrint(d)\n"
        #expect(LeftoverRule.prints(in: SourceFile("A.swift", text)).map(\.line) == [1, 5])
    }

    @Test func findsSleeps() {
        let text = "Task.sleep(for: a)\nsleep(1)\n// sleep(2)\nusleep(3)\nlet sleep = 1\n"
        #expect(LeftoverRule.sleeps(in: SourceFile("A.swift", text)).map(\.line) == [1, 2, 4])
        #expect(LeftoverRule.sleeps(in: SourceFile("a.c", "int a;\nusleep(3);")).map(\.line) == [2])
    }

    @Test func findsWrapping() {
        let text = "a = b &+ c\na &*= d\na & b\na && b\na &<< b\n&a\n"
        #expect(LeftoverRule.wrapping(in: SourceFile("A.swift", text)).map(\.line) == [1, 2, 5])
    }

    @Test func findsDefaults() {
        let text = """
            switch a {
            case .b: c[d, default: 0] += 1
            case .`default`: run()
            default: break
            }
            """
        #expect(MachineRule.defaults(in: SourceFile("A.swift", text)).map(\.line) == [4])
    }

    @Test func findsTheOrderOfADictionary() {
        let text = """
            var jobs: [Int: String] = [:]
            private let names: Set<String>
            var list: [Int] = [], map = [String: [Int]]()
            for (id, job) in jobs { run() }
            for name in self.names where name.isEmpty { run() }
            for id in jobs.keys.sorted() { run() }
            for item in list { run() }
            let all = jobs.values.map { $0 }
            let count = jobs.values.filter { $0.isEmpty }.count
            let sorted = jobs.values.map { $0 }.sorted { $0 < $1 }
            let has = names.contains("a")
            """
        let file = SourceFile("A.swift", text)
        let names = MachineRule.unordered(in: file)
        #expect(names == ["jobs", "names"])
        #expect(MachineRule.order(in: file, names).map(\.line) == [4, 5, 8])
    }

    @Test func takesAParameterForWhatItIs() {
        let text =
            "var jobs: [Int: A]\nfunc a(jobs: [A]) {\nfor a in jobs {}\nfor b in self.jobs {}\n}"
        let file = SourceFile("A.swift", text)
        #expect(MachineRule.order(in: file, ["jobs"]).map(\.line) == [4])
    }

    @Test func knowsTheMachines() {
        let paths = [
            "Sources/ReelworkCore/Jobs/JobMachine.swift",
            "Sources/ReelworkScheduling/Scheduler+Reports.swift",
            "Sources/ReelworkScheduling/SchedulerCounts.swift",
        ]
        let files = paths.map { SourceFile($0, "") }
        #expect(files.map(MachineRule.isMachine) == [true, true, false])
    }

    // MARK: The sources

    @Test func nothingIsUnfinished() {
        for file in SourceTree.sources { expectNone(LeftoverRule.markers(in: file)) }
        for path in ["Package.swift", "Makefile", "README.md", "CHANGELOG.md", ".ci/run"] {
            let text = SourceTree.read(path) ?? ""
            expectNone(LeftoverRule.markers(in: SourceFile(path, text)))
        }
    }

    @Test func nothingTraps() {
        for file in SourceTree.sources { expectNone(LeftoverRule.traps(in: file)) }
    }

    @Test func onlyTheRoofPrints() {
        let roof = HouseTable.rows.filter { $0.place == .roof }.map(\.folder)
        for file in SourceTree.sources where !roof.contains(where: file.lies) {
            if LeftoverRule.printers.contains(file.path) { continue }
            expectNone(LeftoverRule.prints(in: file))
        }
    }

    @Test func noTestSleeps() {
        for file in SourceTree.sources where file.lies(in: "Tests") {
            if LeftoverRule.sleepers.contains(file.path) { continue }
            expectNone(LeftoverRule.sleeps(in: file))
        }
    }

    @Test func onlyHashingWraps() {
        for file in SourceTree.sources where !LeftoverRule.hashing.contains(file.path) {
            expectNone(LeftoverRule.wrapping(in: file))
        }
    }

    @Test func everyExceptionIsNeeded() {
        for file in SourceTree.sources {
            if LeftoverRule.hashing.contains(file.path) {
                #expect(!LeftoverRule.wrapping(in: file).isEmpty, "\(file.path) wraps no more")
            }
            if LeftoverRule.printers.contains(file.path) {
                #expect(!LeftoverRule.prints(in: file).isEmpty, "\(file.path) prints no more")
            }
            if LeftoverRule.sleepers.contains(file.path) {
                #expect(!LeftoverRule.sleeps(in: file).isEmpty, "\(file.path) sleeps no more")
            }
        }
    }

    @Test func everyMachineSwitchIsComplete() {
        let files = SourceTree.sources.filter(MachineRule.isMachine)
        for machine in MachineRule.machines {
            #expect(files.contains { $0.stem == machine.name }, "\(machine.name) is gone")
        }
        for file in files { expectNone(MachineRule.defaults(in: file)) }
    }

    @Test func noMachineFollowsTheOrderOfADictionary() {
        let files = SourceTree.sources.filter(MachineRule.isPure)
        for folder in Set(files.map(\.targetFolder)).sorted() {
            let target = files.filter { $0.targetFolder == folder }
            let names = target.reduce(into: Set<String>()) {
                $0.formUnion(MachineRule.unordered(in: $1))
            }
            for file in target {
                let found = MachineRule.order(in: file, names)
                if MachineRule.orderExceptions.contains(file.path) {
                    #expect(!found.isEmpty, "\(file.path) needs its exception no more")
                } else {
                    expectNone(found)
                }
            }
        }
    }
}
