// SPDX-License-Identifier: Apache-2.0
// Reelwork: who may import whom, tested on the sources and on Package.swift.
import Testing

// Goal: the house stays as it was drawn: no floor knows a side room, nobody knows the roof.
// Method: the imports of every file and the dependencies in Package.swift against HouseTable.
struct HouseTests {
    private let manifest = Manifest(SourceTree.manifest)

    // MARK: The rules can fail

    @Test func findsImportsOfEveryForm() {
        let text = """
            // import Comment
            public import One
            @testable package import Two
            import struct Three.Part
            let text = "import Four"
            """
        let found = ImportRule.imports(of: SourceFile("A.swift", text))
        #expect(found.map(\.module) == ["One", "Two", "Three"])
        #expect(found.map(\.line) == [2, 3, 4])
    }

    @Test func refusesAnImportWithoutLeave() {
        let row = HouseRow("Room", .second, ours: ["Core"], others: ["Logging"])
        let good = SourceFile("Sources/Room/A.swift", "import Core\nimport Glibc\nimport Logging\n")
        let bad = SourceFile("Sources/Room/B.swift", "import Core\nimport Foundation\n")
        #expect(ImportRule.breaches(in: good, of: row).isEmpty)
        #expect(ImportRule.breaches(in: bad, of: row).map(\.line) == [2])
    }

    @Test(arguments: [
        HouseRow("Room", .second, ours: ["Disk"]),
        HouseRow("Room", .second, ours: ["Upper"]),
        HouseRow("Room", .second, ours: ["Program"]),
        HouseRow("Room", .second, ours: ["Kit"]),
        HouseRow("Room", .second, ours: ["Room"]),
        HouseRow("Room", .second, others: ["Foundation"]),
        HouseRow("Disk", .side),
    ])
    func refusesARowAgainstTheHouse(row: HouseRow) {
        let others = [
            HouseRow("Disk", .side), HouseRow("Upper", .third), HouseRow("Program", .roof),
            HouseRow("Kit", .tests),
        ]
        #expect(ImportRule.breaches(of: others).isEmpty)
        #expect(ImportRule.breaches(of: others + [row]).count == 1)
    }

    @Test func findsCycles() {
        let rows = [
            HouseRow("A", .second, ours: ["B"]), HouseRow("B", .second, ours: ["C"]),
            HouseRow("C", .second, ours: ["A"]), HouseRow("D", .second, ours: ["A"]),
            HouseRow("E", .second),
        ]
        #expect(ImportRule.cycles(in: rows).map(\.path) == ["A", "B", "C", "D"])
    }

    @Test func readsAManifest() throws {
        let manifest = Manifest(Self.planted)
        let targets = manifest.targets
        #expect(targets.map(\.name) == ["CZ", "Room", "RoomTests", "program"])
        #expect(targets.map(\.folder) == ["Sources/CZ", "Plugins/R", "Tests/RoomTests", "P"])
        #expect(targets.map(\.isTest) == [false, false, true, false])
        #expect(targets[1].dependencies == ["CZ", "NIOCore", "NIOPosix"])
        #expect(targets[3].dependencies == ["Room", "Log", "ArgumentParser"])
        #expect(
            manifest.closure(of: "program")
                == ["Room", "Log", "ArgumentParser", "CZ", "NIOCore", "NIOPosix"]
        )
    }

    @Test func refusesAnImportThatTheManifestDoesNotGive() throws {
        let room = try #require(Manifest(Self.planted).targets.first { $0.name == "Room" })
        let file = SourceFile("Plugins/R/A.swift", "import CZ\nimport NIOCore\nimport Log\n")
        #expect(ImportRule.breaches(in: file, of: room).map(\.line) == [3])
    }

    // MARK: The house

    @Test func everyTargetHasARow() {
        let folders = Set(HouseTable.rows.map(\.folder))
        for folder in SourceTree.targetFolders where !folder.hasPrefix("Tests/") {
            #expect(folders.contains(folder), "\(folder) has no row in HouseTable")
        }
        for target in manifest.targets where !target.isTest {
            let row = HouseTable.rows.first { $0.target == target.name }
            #expect(row?.folder == target.folder, "\(target.name) has no row in HouseTable")
        }
    }

    @Test func everyRowHasATarget() {
        let targets = Set(manifest.targets.map(\.name))
        for row in HouseTable.rows where !HouseTable.planned.contains(row.target) {
            #expect(targets.contains(row.target), "\(row.target) is not in Package.swift")
            #expect(SourceTree.targetFolders.contains(row.folder), "\(row.folder) is empty")
        }
    }

    @Test func noRowIsAgainstTheHouse() {
        expectNone(ImportRule.breaches(of: HouseTable.rows))
    }

    @Test func everyTargetImportsWhatItsRowAllows() {
        #expect(SourceTree.sources.count > 300)
        for row in HouseTable.rows {
            for file in SourceTree.sources where file.lies(in: row.folder) {
                expectNone(ImportRule.breaches(in: file, of: row))
            }
        }
    }

    @Test func everyTargetDependsOnWhatItsRowAllows() {
        for row in HouseTable.rows {
            for target in manifest.targets where target.name == row.target {
                let excess = target.dependencies.subtracting(row.ours).subtracting(row.others)
                #expect(excess.isEmpty, "\(row.target): \(excess.sorted())")
            }
        }
    }

    @Test func everyTargetDeclaresWhatItImports() {
        for target in manifest.targets {
            for file in SourceTree.sources where file.lies(in: target.folder) {
                expectNone(ImportRule.breaches(in: file, of: target))
            }
        }
    }

    @Test(arguments: ["reelwork", "reelwork-exec"])
    func whatIsShippedHoldsNoTestCode(program: String) {
        #expect(manifest.targets.contains { $0.name == "ReelworkTestKit" })
        let linked = manifest.closure(of: program)
        let kits = [
            "ReelworkTestKit", "EngineTestKit", "StoreTestKit", "reelwork-fake-engine",
            "CPublishPause", "CAllocationCount", "CCrashDisk",
        ]
        for kit in kits {
            #expect(!linked.contains(kit), "\(program) links \(kit)")
        }
    }

    private static let planted = """
        let log = Target.Dependency.product(name: "Log", package: "swift-log")
        let nio: [Target.Dependency] = [
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
        ]
        func cellar(_ name: String) -> Target { .target(name: name) }
        let package = Package(
            name: "house",
            products: [.library(name: "Room", targets: ["Room"])],
            targets: [
                cellar("CZ", links: "z"),
                // A comment, with a comma.
                room("Room", in: "Plugins/R", ["CZ"] + nio),
                tests("RoomTests", ["Room"]),
                .executableTarget(
                    name: "program",
                    dependencies: [
                        "Room", log,
                        .product(name: "ArgumentParser", package: "swift-argument-parser"),
                    ],
                    path: "P"
                ),
            ],
            cLanguageStandard: .c11
        )
        """
}
