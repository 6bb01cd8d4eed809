// SPDX-License-Identifier: Apache-2.0
// Reelwork: FFmpeg passes the suite of all adapters

import EngineTestKit
import FFmpegEngine
import ReelworkEngineKit
import Testing

// Goal: the adapter keeps every rule that adapters must keep. Method: the common suite, with the
// real programs.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct FFmpegEngineConformanceTests {
    static let suite = EngineConformance(
        FFmpegEngine(),
        inspection: FFmpegEngineTests.inspection,
        progress: FFmpegEngineTests.progress,
        encodes: [
            .init("mp4", ["codec": "h265"]), .init("webm", ["audio": "opus"]),
            .init("mkv", ["codec": "av1"]),
            .init("mkv", ["codec": "h265", "preset": "superfast"]),
            .init("mp4", ["codec": "mpeg4", "preset": ""]), .init("mkv", ["audio": "opus"]),
            .init("mp4", ["codec": "vp9", "audio": "none"]),
            .init("mkv", ["codec": "copy", "preset": ""]), .init("mp4", ["audio": "copy"]),
        ]
    )

    private func hold(_ rule: EngineRule) async {
        for breach in await rule.breaches() { Issue.record("\(rule): \(breach)") }
    }

    @Test(arguments: suite.plainRules)
    func itKeepsThePlainRules(rule: EngineRule) async { await hold(rule) }

    @Test(arguments: suite.filmRules)
    func itMakesRealFilms(rule: EngineRule) async { await hold(rule) }

    @Test(arguments: suite.hostileRules)
    func itBearsHostileInputs(rule: EngineRule) async { await hold(rule) }
}
