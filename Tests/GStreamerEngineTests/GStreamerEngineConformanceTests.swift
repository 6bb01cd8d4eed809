// SPDX-License-Identifier: Apache-2.0
// Reelwork: GStreamer passes the suite of all adapters

import EngineTestKit
import GStreamerEngine
import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the adapter keeps every rule that adapters must keep. Method: the common suite, with the
// real programs. gst-launch-1.0 now and then hangs on the error of a file that is no film; the
// inspection keeps such files from it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct GStreamerEngineConformanceTests {
    static let suite = EngineConformance(
        GStreamerEngine(),
        inspection: GStreamerEngineTests.inspection,
        progress: GStreamerEngineTests.progress,
        framesApart: 1,
        encodes: [
            .init("mp4", ["codec": "h265"]), .init("webm", ["audio": "opus"]),
            .init("mkv", ["audio": "opus"]), .init("mkv", ["codec": "vp9", "audio": "none"]),
            .init("mp4", ["audio": "opus"]), .init("mkv", ["codec": "av1"]),
            .init("mp4", ["codec": "av1", "bitrate": "200k", "audio": "none"]),
            .init("webm", ["codec": "av1", "crf": "51"]),
        ],
        mayHangOnGarbage: true,
        exceptions: [
            "8 by 8 pixels": .fails(.userError), "an animated GIF": .fails(.inputError),
            // Counted at the 25 frames a second that the file claims.
            "uneven frames, cut": .encodes(75...75),
            "sound that ends early in MP4": .fails(.inputError),
            "a picture that ends early": .fails(.inputError),
            "a picture that ends early in MP4": .fails(.inputError),
            // It says nothing of what it could not read; the film comes out too short.
            "an MP4 with its index that lost its end": .fails(.runtimeError),
            "a Matroska file that lost its end": .fails(.runtimeError),
            "a Matroska file with a corrupt middle": .fails(.runtimeError),
            // Nor does it know how many frames there were.
            "an MP4 with a corrupt middle": .encodes(90...120),
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
