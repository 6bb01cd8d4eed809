// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the first look at a job's files

import Foundation
import ReelworkCore
import Testing

@testable import reelwork

// Goal: what is wrong with a job's files is said before anything is sent. Method: real files in a
// folder of their own.
struct LocalFilesTests {
    private func problem(
        _ input: String,
        _ output: String,
        overwrite: Bool = false,
        mayBeDone: Bool = false
    ) throws -> String? {
        let folder = try ScratchFolder.make()
        defer { ScratchFolder.remove(folder) }
        try Data("film".utf8).write(to: URL(fileURLWithPath: folder + "/film.mp4"))
        try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/old.mp4"))
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/link.mp4",
            withDestinationPath: "film.mp4"
        )
        let spec = JobSpec(
            input: folder + "/" + input,
            output: folder + "/" + output,
            overwrite: overwrite
        )
        return LocalFiles.problem(spec, mayBeDone: mayBeDone)?.what
            .replacingOccurrences(of: folder, with: "")
    }

    @Test(
        arguments: [
            ("film.mp4", "new.mp4", nil),
            (
                "gone.mp4", "new.mp4",
                "the input /gone.mp4 cannot be read: No such file or directory"
            ),
            (".", "new.mp4", "the input /. is a folder"),
            ("film.mp4", "gone/new.mp4", "the output's folder /gone does not exist"),
            ("film.mp4", "old.mp4/new.mp4", "the output's folder /old.mp4 is a file"),
            ("film.mp4", "old.mp4", "the output /old.mp4 is there already"),
            ("film.mp4", "film.mp4", "input and output are the same file: /film.mp4"),
            ("film.mp4", "link.mp4", "input and output are the same file: /link.mp4"),
            ("film.mp4", ".", "the output /. is a folder"),
        ] as [(String, String, String?)]
    )
    func looksFirst(_ input: String, _ output: String, _ wanted: String?) throws {
        #expect(try problem(input, output) == wanted)
    }

    @Test func takesAnOutputThatMayBeReplacedOrIsTheJobsOwn() throws {
        #expect(try problem("film.mp4", "old.mp4", overwrite: true) == nil)
        #expect(try problem("film.mp4", "old.mp4", mayBeDone: true) == nil)
        #expect(try problem("film.mp4", "film.mp4", overwrite: true) != nil)
    }
}
