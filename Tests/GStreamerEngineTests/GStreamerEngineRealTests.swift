// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is GStreamer's own with real films

import EngineTestKit
import Foundation
import GStreamerEngine
import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: what the common suite does not ask of every engine. Method: the real programs.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GStreamerEngineRealTests {
    // A long look-ahead at one frame a second must not stop the pipeline: the queues must hold it.
    @Test
    func aLowFrameRateDoesNotHang() async throws {
        let folder = try ScratchFolder()
        let suite = GStreamerEngineConformanceTests.suite
        let input = try await TestFilms.path(of: TestFilms.bunny, in: folder)
        let part = folder.root.appendingPathComponent("part").path
        let given = ["fps": "1", "resolution": "64x64"]
        let job = suite.job(given, from: input)
        _ = try await folder.encode(job, with: suite.engine, part: part)
        let frames = try #require(try await folder.countFrames(part))
        #expect((4...6).contains(frames))
    }

    // The frame that waits for room in the queue passes the first stop; the second must hold it.
    // It is a matter of luck in each run, so it is tried often.
    @Test
    func aCutIsExactEachTime() async throws {
        let folder = try ScratchFolder()
        let suite = GStreamerEngineConformanceTests.suite
        let input = try await TestFilms.path(of: TestFilms.bunny, in: folder)
        let part = folder.root.appendingPathComponent("part").path
        let given = [
            "duration": "1", "fps": "60", "resolution": "64x64", "preset": "ultrafast",
        ]
        for _ in 0..<10 {
            let job = suite.job(given, from: input)
            _ = try await folder.encode(job, with: suite.engine, part: part)
            #expect(try await folder.countFrames(part) == 60)
        }
    }
}
