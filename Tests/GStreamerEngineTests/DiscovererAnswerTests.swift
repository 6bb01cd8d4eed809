// SPDX-License-Identifier: Apache-2.0
// Reelwork: tracks that GStreamer does not read

import EngineTestKit
import ReelworkCore
import ReelworkEngineKit
import Testing

@testable import GStreamerEngine

// Goal: a sound is neither dropped in silence nor missed in a right film, though the demuxer of MP4
// hides short tracks. Method: what the real programs print, and what they might.
struct DiscovererAnswerTests {
    private let engine = GStreamerEngine()

    private static let skips =
        "0:00:00.04 9 0x55 WARN                 qtdemux qtdemux.c:11259:qtdemux_parse_trak:"
        + "<qtdemux0> Track shorter than 20% (48112/48000 vs. 5280/1000) of the stream found, "
        + "assuming preview image or something; skipping track\n"

    private static let inspection = GStreamerEngineTests.inspection
    private static let silent = String(
        inspection[
            ..<(inspection.firstRange(of: "    audio #2")?.lowerBound ?? inspection.endIndex)
        ]
    )

    private func job(_ parameters: [String: String] = [:]) -> JobSpec {
        GStreamerEngineConformanceTests.suite.job(parameters)
    }

    private func looked(_ text: String, log: String = "") -> CommandOutcome {
        CommandOutcome(end: .exited(0), output: Array(text.utf8), logTail: Array(log.utf8))
    }

    // The demuxer of MP4 hides tracks that play less than a fifth of the file; its log tells.
    @Test
    func aHiddenTrackIsListedAndASoundNotDropped() throws {
        let media = try engine.inspected(looked(Self.silent, log: "x\n" + Self.skips + "y"))
        #expect(media.streams.map(\.kind) == [.video, .other])
        #expect(
            media.streams[1].duration.map { abs($0.seconds - 48_112.0 / 48_000) < 1e-6 } == true
        )
        let context = CommandContext(media: media)
        let failure = #expect(throws: EngineFailure.self) {
            try engine.command(job(), context: context)
        }
        #expect(failure?.failureClass == .inputError)
        #expect(failure?.advice.contains("audio=none") == true)
        _ = try engine.command(job(["audio": "none"]), context: context)
        // A preview picture beside picture and sound is nothing to mind.
        let whole = try engine.inspected(looked(Self.inspection, log: Self.skips))
        _ = try engine.command(job(), context: CommandContext(media: whole))
        let sound = "Properties:\n  Duration: 0:00:10.0\n  audio #0: MPEG-4 AAC\n"
        let unseen = #expect(throws: EngineFailure.self) {
            try engine.inspected(looked(sound, log: Self.skips))
        }
        #expect(unseen?.failureClass == .inputError)
        #expect(unseen?.message.contains("a fifth") == true)
    }

    @Test(arguments: [
        "Track shorter than 20% (1/1", "qtdemux Track shorter than 20% (1/0 vs. 1/1)",
        " qtdemux Track shorter than (18446744073709551615/1 vs. 2/1)",
        " qtdemux Track shorter than (x/1 vs. 2/1)", " qtdemux Track shorter than (/ vs. 2/1)",
        " qtdemux Track shorter than (", " qtdemux Track shorter than",
    ])
    func whatHidesNothingIsNotListed(log: String) throws {
        #expect(try engine.inspected(looked(Self.silent, log: log)).streams.count == 1)
    }

    // One hidden track that lasts is the sound; a film that lost its sound is refused.
    @Test(
        arguments: [
            (skips, true), ("", false), (skips + skips, false),
            (skips.replacing("48112/", with: "0/"), false),
        ] as [(String, Bool)]
    )
    func aHiddenSoundCounts(log: String, isRight: Bool) throws {
        let encoded = EngineProgress(
            media: .milliseconds(5_280),
            frames: 132,
            framesGiven: 132,
            isEnd: true
        )
        let counted = CommandOutcome(
            end: .exited(0),
            progress: EngineProgress(frames: 132, isEnd: true)
        )
        do throws(EngineFailure) {
            let found = try engine.verified(
                job(),
                context: CommandContext(media: EngineConformance.media),
                encoded: encoded,
                outcomes: [looked(Self.silent, log: log), counted]
            )
            #expect(isRight)
            #expect(found.audio?.codec == "aac")
        } catch {
            #expect(!isRight)
            #expect(error.message == "the output has no sound")
        }
    }

    @Test
    func theDiscovererTellsOfHiddenTracks() {
        let context = CommandContext(media: EngineConformance.media)
        for plan in [engine.inspectPlan(), engine.verifyPlans(job(), context: context)[0]] {
            #expect(plan.environment.contains { $0.name == "GST_DEBUG" && $0.value == "qtdemux:2" })
        }
    }
}
