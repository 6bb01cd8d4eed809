// SPDX-License-Identifier: Apache-2.0
// Reelwork: real encodes

import Foundation
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: real encoders make the right film at the right place.
    ///
    /// Method: `submit --wait` to a worker with the engines of this machine; frames are counted by
    /// ffprobe.
    @Suite(.timeLimit(.minutes(2)))
    struct RealEngineTests {
        // ± 1 frame for GStreamer, none for FFmpeg.
        @Test func bothEnginesKeepTheFramesOfBothFilms() async throws {
            try await House.open { house in
                try await house.serve(lease: "15s")
                try await house.worker("w1", slots: 1, engines: .real)
                for film in [TestMedia.bunny, TestMedia.bikes] {
                    let input = try await TestMedia.path(of: film, in: house)
                    #expect(try await TestMedia.frames(input, in: house) == film.frames)
                    for (engine, slack) in [("ffmpeg", 0), ("gstreamer", 1)] {
                        let output = "\(house.media)/\(engine)-\(film.name)"
                        let answer = try await house.reelwork([
                            "submit", "--wait", "--engine", engine, "--input", input, "--output",
                            output, "--set", "preset=ultrafast",
                        ])
                        #expect(answer.status == 0, "\(engine), \(film.name): \(answer)")
                        guard answer.status == 0 else { continue }
                        let frames = try await TestMedia.frames(output, in: house)
                        #expect(abs(frames - film.frames) <= slack, "\(engine), \(film.name)")
                    }
                }
                #expect(house.parts.isEmpty)
            }
        }

        /// Names that would mean something to a shell, to ffmpeg or to a pipeline.
        private static let names = [
            "a b.mp4", "quote\".mp4", "it's.mp4", "back\\slash.mp4", "bang ! bang.mp4",
            "new\nline.mp4", "-leading.mp4", "concat:a b.mp4",
            "x.mp4 ! filesink location=evil.mp4", "$(touch evil).mp4", "%d.mp4",
        ]

        // All names at once in one folder, which is listed before and after: exactly the outputs
        // have come. They are given relative to that folder, so that a leading `-` leads.
        @Test(arguments: ["ffmpeg", "gstreamer"])
        func nastyNamesMakeTheRightFileAndNoOther(_ engine: String) async throws {
            try await House.open { house in
                try await house.serve(lease: "15s")
                try await house.worker("w1", slots: 2, engines: .real)
                let film = TestMedia.Film(
                    name: "clip.mp4",
                    frames: 10,
                    size: "64x64",
                    hasSound: false
                )
                let clip = try await TestMedia.clip(film, in: house)
                for name in Self.names {
                    try FileManager.default.copyItem(
                        atPath: clip,
                        toPath: house.media + "/" + name
                    )
                }
                let all = FileTree.list(house.path, skipping: ["data", "logs", "scratch"])
                var waiting: [(String, ProgramRun)] = []
                for name in Self.names {
                    let run = try house.start(
                        [
                            "submit", "--wait", "--engine=\(engine)", "--input=\(name)",
                            "--output=\(Self.outputName(name))",
                        ],
                        name: "submit",
                        in: house.media
                    )
                    waiting.append((name, run))
                }
                for (name, run) in waiting {
                    let ending = try await run.end(within: .seconds(60))
                    #expect(ending == .exited(0), "\(name): \(run.output)\(run.errors)")
                }
                let outputs = Self.names.map { "media/" + Self.outputName($0) }
                let after = FileTree.list(house.path, skipping: ["data", "logs", "scratch"])
                #expect(after == (all + outputs).sorted())
                for output in outputs where after.contains(output) {
                    let frames = try await TestMedia.frames(house.path + "/" + output, in: house)
                    #expect(abs(frames - 10) <= (engine == "gstreamer" ? 1 : 0), "\(output)")
                }
            }
        }

        /// The same nasty beginning and middle, and another end.
        private static func outputName(_ name: String) -> String { name + ".out.mp4" }
    }
}
