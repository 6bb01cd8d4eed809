// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tree, its names and what is published, tested on what git tracks.
import Testing

// Goal: the folder list is the picture of the house, and nothing of one machine is published.
// Method: each rule first on planted paths and texts that break it, then on the tree.
struct LayoutTests {
    /// Files that git tracks, or the sources alone where this is no checkout.
    private let paths = SourceTree.tracked ?? SourceTree.sources.map(\.path)

    // MARK: The rules can fail

    @Test func refusesStrayTopFolders() {
        let paths = ["Sources/A.swift", "docs/a.md", "Package.swift", "notes.txt"]
        #expect(LayoutRule.stray(paths).map(\.path) == ["docs", "notes.txt"])
    }

    @Test(arguments: [
        "Sources/A/Common/B.swift", "Sources/A/JobHelper.swift", "Sources/A/utils/B.c",
        "Tests/A/Utils.swift", "Sources/A/JobManager+Start.swift", "Sources/A/job_helpers.c",
    ])
    func refusesEmptyNames(path: String) {
        #expect(LayoutRule.emptyNames([path]).count == 1)
    }

    @Test func acceptsNamesOfTheDomain() {
        #expect(LayoutRule.emptyNames(["Sources/A/CommonParameter.swift"]).isEmpty)
    }

    @Test func refusesTestsOfNothing() {
        let found = LayoutRule.orphans(["RoomTests", "AtticTests", "SpecTests"], of: ["Room"])
        #expect(found.map(\.path) == ["Tests/AtticTests"])
    }

    @Test(arguments: PlaceRule.paths)
    func findsPathsOfOneMachine(start: String) {
        #expect(PlaceRule.breaches(in: "a.md", "see\n`\(start)a`").map(\.line) == [2])
        #expect(PlaceRule.breaches(in: "a.md", "\(start)a").count == 1)
        #expect(PlaceRule.breaches(in: "a.md", "a\(start)a ..\(start)a").isEmpty)
    }

    @Test(arguments: PlaceRule.domains + [".example.net"])
    func findsHostsOfOneNetwork(domain: String) {
        let text = "https:/" + "/mirror\(domain)/simple\n"
        #expect(PlaceRule.breaches(in: "a.md", text).map(\.line) == [1])
    }

    @Test func acceptsKnownHosts() {
        let text = "https://github.com/apple/swift-nio srt://h:1 http://localhost:80 https://\\(a)"
        #expect(PlaceRule.breaches(in: "a.md", text).isEmpty)
    }

    // MARK: The tree

    @Test func theTopHoldsWhatItMay() {
        expectNone(LayoutRule.stray(paths))
    }

    @Test func everyNameNamesSomething() {
        expectNone(LayoutRule.emptyNames(paths))
    }

    @Test func everyTestTargetHasItsSource() {
        let names = SourceTree.targetFolders.filter { $0.hasPrefix("Tests/") }.map {
            String($0.dropFirst("Tests/".count))
        }
        #expect(names.contains("TidyTests"))
        expectNone(LayoutRule.orphans(names, of: Set(HouseTable.rows.map(\.target))))
        for name in LayoutRule.shared.sorted() {
            #expect(HouseTable.rows.contains { $0.folder == "Tests/\(name)" })
        }
    }

    @Test(.enabled(if: SourceTree.tracked != nil, "no git checkout: nothing tells what is tracked"))
    func nothingOfOneMachineIsPublished() {
        for path in SourceTree.tracked ?? [] where !path.hasSuffix(".hex") {
            guard let text = SourceTree.read(path) else { continue }
            expectNone(PlaceRule.breaches(in: path, text))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theFormatIsClean() throws {
        let arguments = ["swift", "format", "lint", "--strict", "-r"]
        let folders = ["Package.swift", "Sources", "Plugins", "Tests"]
        let result = try #require(SourceTree.run(arguments + folders))
        let lines = result.output.split(separator: "\n").prefix(20).joined(separator: "\n")
        #expect(result.status == 0, "`make format` mends most of this:\n\(lines)")
    }
}
