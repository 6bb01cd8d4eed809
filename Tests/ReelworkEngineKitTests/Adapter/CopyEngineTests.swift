// SPDX-License-Identifier: Apache-2.0
// Reelwork: the documented example works

import EngineTestKit
import Foundation
import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the example that people copy is a whole adapter. Method: run it with the real programs.
struct CopyEngineTests {
    @Test(.timeLimit(.minutes(1)))
    func theExampleProbesCopiesAndVerifies() async throws {
        let folder = try ScratchFolder()
        let input = folder.root.appendingPathComponent("a b").path
        try Data("film".utf8).write(to: URL(fileURLWithPath: input))
        let part = folder.root.appendingPathComponent("part").path
        let report = try await folder.probe(CopyEngine())
        #expect(report.problem == nil)
        let job = JobSpec(
            engine: "copy",
            input: input,
            output: "/out/x",
            parameters: [Parameter(key: "sparse", value: "never")]
        )
        _ = try await folder.encode(job, with: CopyEngine(), part: part)
        #expect(try Data(contentsOf: URL(fileURLWithPath: part)) == Data("film".utf8))
    }

    @Test
    func theExampleRefusesWhatItDoesNotKnow() {
        let job = JobSpec(
            input: "/a",
            output: "/b",
            parameters: [Parameter(key: "sparce", value: "never")]
        )
        let refusal = #expect(throws: EngineRefusal.self) { try CopyEngine().support(job) }
        #expect(refusal?.message.contains("did you mean sparse?") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func aMissingInputIsAnInputError() async throws {
        let folder = try ScratchFolder()
        let outcome = try await folder.run(CopyEngine().inspectPlan(), parser: NoProgress())
        let failure = #expect(throws: EngineFailure.self) { try CopyEngine().inspected(outcome) }
        #expect(failure?.failureClass == .inputError)
    }

    // The article shows the example as it is tested here.
    @Test
    func theArticleShowsThisCode() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(
            contentsOf: here.appendingPathComponent("CopyEngine.swift"),
            encoding: .utf8
        )
        let article = try String(
            contentsOf: here.appendingPathComponent(
                "../../../Sources/ReelworkEngineKit/Documentation.docc/WritingAnAdapter.md"
            ),
            encoding: .utf8
        )
        let body = code.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(3)
        #expect(article.contains(body.joined(separator: "\n")))
    }
}
