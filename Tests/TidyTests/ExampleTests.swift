// SPDX-License-Identifier: Apache-2.0
// Reelwork: the programs that articles show are the programs that are built.
import Testing

// Goal: who copies a program from an article has one that compiles and was run by a test.
// Method: the first Swift block of the article against the whole program without its header.
struct ExampleTests {
    private static let folder = "Sources/ReelworkClient/Documentation.docc/"

    @Test(arguments: [
        ("SubmitAndWatch.md", "Sources/reelwork-example-film/FilmExample.swift"),
        ("SubmitAList.md", "Sources/reelwork-example-list/ListExample.swift"),
    ])
    func anArticleShowsTheProgramThatIsBuilt(article: String, program: String) throws {
        let text = try #require(SourceTree.read(Self.folder + article))
        let source = try #require(SourceTree.read(program))
        let shown = try #require(Self.block(of: text))
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(shown == Array(lines.dropFirst(3)))
        #expect(shown.count > 20)
    }

    @Test func findsAnotherText() throws {
        let shown = try #require(Self.block(of: "a\n```sh\nb\n```\n```swift\nlet c = 1\n```\nd\n"))
        #expect(shown == ["let c = 1", ""])
        #expect(Self.block(of: "a\n```sh\nb\n```\n") == nil)
    }

    /// The lines of the first Swift block, with the empty one that ends a file.
    private static func block(of text: String) -> [Substring]? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "```swift") else { return nil }
        return lines[(start + 1)...].prefix { $0 != "```" } + [""]
    }
}
