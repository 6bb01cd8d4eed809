// SPDX-License-Identifier: Apache-2.0
// Reelwork: the adapter's plans and readers, without GStreamer

import EngineTestKit
import ReelworkCore
import ReelworkEngineKit
import Testing

@testable import GStreamerEngine

// Goal: the adapter's pipelines are exactly these, and everything that GStreamer prints is read
// without a trap. Method: golden pipelines, outputs of real runs, garbage and cuts.
struct GStreamerEngineTests {
    private let engine = GStreamerEngine()

    private static let head =
        "-e -v -X caps -X force-key-unit filesrc location=in ! decodebin name=d d. ! queue ! "
        + "videoconvert"
    private static let queue = " ! queue max-size-buffers=0 max-size-time=0 max-size-bytes=67108864"
    private static let counted = " ! identity name=progress silent=false" + queue + " ! mux. "
    private static let sound = "d. ! queue ! audioconvert ! audioresample ! "
    private static let aac = sound + "avenc_aac ! aacparse" + queue + " ! mux. "
    private static let given = " ! identity name=given silent=false ! "
    private static let raw = " ! video/x-raw,format=I420"

    static let golden: [([String: String], String, String)] = [
        (
            [:], "/o.mp4",
            raw + given + "x264enc pass=qual quantizer=23 speed-preset=medium ! h264parse" + counted
                + aac
                + "mp4mux name=mux ! filesink location=out"
        ),
        (
            ["bitrate": "2500k", "preset": "fast", "audio": "none"], "/o.mov",
            raw + given + "x264enc pass=cbr bitrate=2500 speed-preset=fast ! h264parse" + counted
                + "qtmux name=mux ! filesink location=out"
        ),
        (
            ["codec": "h265", "crf": "18", "audio": "opus"], "/o.mkv",
            raw + given
                + "x265enc speed-preset=medium option-string=crf=18:log-level=error ! h265parse"
                + counted + sound + "opusenc ! opusparse" + queue
                + " ! mux. matroskamux name=mux ! filesink location=out"
        ),
        (
            ["codec": "h265", "bitrate": "1M", "audio": "none"], "/o.mkv",
            raw + given
                + "x265enc bitrate=1000 speed-preset=medium option-string=log-level=error ! "
                + "h265parse" + counted + "matroskamux name=mux ! filesink location=out"
        ),
        (
            ["codec": "av1", "bitrate": "2M", "audio": "none"], "/o.mkv",
            raw + given + "av1enc end-usage=vbr min-quantizer=0 max-quantizer=63 "
                + "target-bitrate=2000 cpu-used=6 ! av1parse" + counted
                + "matroskamux name=mux ! filesink location=out"
        ),
        (
            ["codec": "av1", "preset": "veryslow", "audio": "none"], "/o.webm",
            raw + given + "av1enc end-usage=q min-quantizer=35 max-quantizer=35 cpu-used=4 ! "
                + "av1parse" + counted + "webmmux name=mux ! filesink location=out"
        ),
        (
            ["duration": "2.5", "fps": "30000/1001"], "/o.mp4",
            " ! videorate" + raw + ",framerate=30000/1001" + stop(76) + given
                + "x264enc pass=qual quantizer=23 speed-preset=medium ! h264parse" + counted
                + sound + "audiorate ! audiobuffersplit output-buffer-duration=1/100" + stop(251)
                + " ! avenc_aac ! aacparse" + queue + " ! mux. "
                + "mp4mux name=mux ! filesink location=out"
        ),
        (
            ["duration": "5.312", "audio": "none"], "/o.mp4",
            raw + given + "x264enc pass=qual quantizer=23 speed-preset=medium ! h264parse"
                + counted + "mp4mux name=mux ! filesink location=out"
        ),
        (
            ["resolution": "640x360", "fps": "30000/1001", "audio": "none"], "/o.webm",
            " ! videorate ! videoscale add-borders=false" + raw
                + ",framerate=30000/1001,width=640,height=360,pixel-aspect-ratio=1/1" + given
                + "vp9enc end-usage=cq cq-level=31 target-bitrate=27620379 cpu-used=3 "
                + "row-mt=true threads=8" + counted + "webmmux name=mux ! filesink location=out"
        ),
    ]

    private static func stop(_ count: Int) -> String {
        " ! queue ! identity eos-after=\(count) ! identity eos-after=\(count)"
    }

    // Frames are counted; where nothing says how many a second come, the user must.
    @Test
    func aCutNeedsARate() throws {
        var media = EngineConformance.media
        media.streams[0].frameRate = nil
        let failure = #expect(throws: EngineFailure.self) {
            try engine.command(job(["duration": "2"]), context: CommandContext(media: media))
        }
        #expect(failure?.failureClass == .userError)
        #expect(failure?.advice.contains("fps") == true)
        media.streams[0].frameRate = FrameRate(90_000)
        #expect(throws: EngineFailure.self) {
            try engine.command(job(["duration": "2"]), context: CommandContext(media: media))
        }
        _ = try engine.command(
            job(["duration": "2", "fps": "25"]),
            context: CommandContext(media: media)
        )
    }

    // Ten years at 1,000 frames a second are more than `eos-after` counts: all are kept.
    @Test
    func theLongestCutDoesNotOverflow() throws {
        var media = EngineConformance.media
        media.duration = nil
        let plan = try engine.command(
            job(["duration": "87600h", "fps": "1000"]),
            context: CommandContext(media: media)
        )
        #expect(plan.arguments.contains("eos-after=2147483647"))
    }

    @Test
    func moreFramesThanTheCutAreNotPublished() {
        let context = CommandContext(media: EngineConformance.media)
        let looked = CommandOutcome(
            end: .exited(0),
            output: Array(Self.inspection.replacing("0:00:05.312", with: "0:00:02.000").utf8)
        )
        for (frames, isRight) in [(UInt64(50), true), (51, false)] {
            let counted = CommandOutcome(
                end: .exited(0),
                progress: EngineProgress(frames: frames, isEnd: true)
            )
            let found = try? engine.verified(
                job(["duration": "2"]),
                context: context,
                encoded: EngineProgress(frames: frames, isEnd: true),
                outcomes: [looked, counted]
            )
            #expect((found != nil) == isRight)
        }
    }

    @Test(arguments: golden)
    func thePipelineIsThis(given: [String: String], output: String, rest: String) throws {
        let plan = try engine.command(
            job(given, to: output),
            context: CommandContext(media: EngineConformance.media)
        )
        #expect(plan.program == "gst-launch-1.0")
        #expect(plan.arguments.joined(separator: " ") == Self.head + rest)
        #expect(plan.output == .progress)
        #expect(plan.environment == GStreamerEngine.environment)
    }

    @Test
    func aFilmWithoutSoundGetsNoAudioBranch() throws {
        var media = EngineConformance.media
        media.streams.removeLast()
        media.streams[0].resolution = Resolution(width: 641, height: 361)
        let context = CommandContext(media: media, threadsMax: 2)
        let line = try engine.command(job(), context: context).arguments.joined(separator: " ")
        #expect(!line.contains("audioconvert"))
        #expect(line.contains("width=640,height=360 "))
        #expect(line.contains("threads=2 "))
    }

    @Test
    func listsOfOtherFilesAreNeverPluggedIn() {
        let ranks = engine.inspectPlan().environment.first { $0.name == "GST_PLUGIN_FEATURE_RANK" }
        for element in ["hlsdemux", "hlsdemux2", "dashdemux", "mssdemux", "sdpdemux"] {
            #expect(ranks?.value.contains("\(element):NONE") == true)
        }
    }

    @Test
    func theVerificationCountsTheFramesOfItsCodec() {
        let context = CommandContext(media: EngineConformance.media)
        let plans = engine.verifyPlans(job(to: "/o.mkv"), context: context)
        #expect(plans.map(\.program) == ["gst-discoverer-1.0", "gst-launch-1.0"])
        #expect(plans[0].arguments == ["--timeout=20", "out"])
        #expect(plans[1].arguments.contains("video/x-h264"))
        #expect(plans[1].output == .progress)
        let hevc = engine.verifyPlans(job(["codec": "h265"]), context: context)
        #expect(hevc[1].arguments.contains("video/x-h265"))
    }

    @Test(arguments: [
        ["codec": "mpeg4"], ["codec": "copy"],
        ["audio": "copy"], ["crf": "51"],
    ])
    func whatItCannotDoIsRefusedSoThatAutoGoesOn(given: [String: String]) {
        let refusal = #expect(throws: EngineRefusal.self) { try engine.support(job(given)) }
        #expect(refusal?.kind == .unsupported)
        #expect(refusal?.parameter == given.keys.first)
    }

    // Lesson 12: an input of duration 0 had a limit of 0 s. Seed: TestCalculateTimeout.
    @Test(
        arguments: [
            (nil, nil, 1_800, false), (10, nil, 40, false), (3_600, nil, 3_630, false),
            (3_600, 5, 5, true), (nil, 5, 5, true), (0, nil, 1_800, false),
        ] as [(Int64?, Int64?, Int64, Bool)]
    )
    func timeouts(plays: Int64?, own: Int64?, limit: Int64, isHard: Bool) {
        var job = job()
        job.timeout = own.map { .seconds($0) }
        let found = engine.timeout(
            job,
            duration: plays.map { .seconds($0) },
            policy: TimeoutPolicy()
        )
        #expect(found == RunLimit(limit: .seconds(limit), isHard: isHard))
    }

    @Test
    func theInspectionIsRead() throws {
        let outcome = CommandOutcome(end: .exited(0), output: Array(Self.inspection.utf8))
        #expect(
            try engine.inspected(outcome)
                == MediaInfo(
                    duration: .milliseconds(5_312),
                    container: "Quicktime",
                    streams: [
                        MediaStream(
                            kind: .video,
                            codec: "h264",
                            resolution: Resolution(width: 1_280, height: 720),
                            frameRate: FrameRate(25)
                        ),
                        MediaStream(kind: .audio, codec: "aac"),
                    ]
                )
        )
    }

    @Test(arguments: [
        (
            "An error was encountered while discovering the file\n Resource not found.\n",
            "not there"
        ),
        (
            "An error was encountered while discovering the file\n "
                + "Could not determine type of stream.\n", "is no film"
        ),
        (
            "An error was encountered while discovering the file\n "
                + "This file contains no playable streams.\n", "is damaged"
        ),
        (
            "Missing plugins\n (gstreamer|1.0|gst-discoverer-1.0|application/x-hls decoder|"
                + "decoder-application/x-hls)\n", "list of other files"
        ),
        ("Properties:\n  Duration: 0:00:01.0\n  audio #0: Opus\n", "no video"),
        ("", "does not know"),
    ])
    func whatTheDiscovererMindsIsAnInputError(text: String, words: String) {
        let outcome = CommandOutcome(end: .exited(0), output: Array(text.utf8))
        let failure = #expect(throws: EngineFailure.self) { try engine.inspected(outcome) }
        #expect(failure?.failureClass == .inputError)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
    }

    @Test
    func aMissingDecoderIsAMismatch() {
        let text = "Missing plugins\n (gstreamer|1.0|x|H.266 decoder|decoder-video/x-h266)\n"
        let outcome = CommandOutcome(end: .exited(0), output: Array(text.utf8))
        let failure = #expect(throws: EngineFailure.self) { try engine.inspected(outcome) }
        #expect(failure?.failureClass == .capabilityMismatch)
    }

    // Some encoders stamp from 1,000 hours on; frames come in decoding order.
    @Test
    func progressIsRead() {
        var parser = engine.progressParser()
        let newest = parser.consume(Array(Self.progress.utf8))
        #expect(
            newest
                == EngineProgress(
                    media: .milliseconds(500),
                    frames: 3,
                    framesGiven: 1,
                    bytes: 28_419,
                    isEnd: true
                )
        )
        #expect(parser.consume(Array("New clock: GstSystemClock\n".utf8)) == nil)
    }

    @Test(arguments: [
        ("ERROR: x: Could not determine type of stream.", FailureClass.inputError),
        ("gst_file_src_start ():\nNo such file \"in\"", .inputError),
        ("Could not open file \"in\" for reading.\nsystem error: Permission denied", .inputError),
        ("ERROR: x: No space left on the resource.", .resourceError),
        ("WARNING: erroneous pipeline: no element \"x264enc\"", .capabilityMismatch),
        ("Your GStreamer installation is missing a plug-in.", .capabilityMismatch),
        (
            "is missing a plug-in.\nMissing decoder: application/x-hls (application/x-hls)",
            .inputError
        ),
        ("ERROR: x: Internal data stream error.", .runtimeError),
    ])
    func logsAreClassified(log: String, expected: FailureClass) {
        #expect(failureClass(log) == expected)
        #expect(failureClass(log, code: 0) == nil)
    }

    @Test
    func anEndWithoutItsEndIsAFailure() {
        let open = CommandOutcome(end: .exited(0), progress: EngineProgress(frames: 9))
        #expect(engine.classify(open)?.failureClass == .runtimeError)
        let done = CommandOutcome(end: .exited(0), progress: EngineProgress(frames: 9, isEnd: true))
        #expect(engine.classify(done) == nil)
        let killed = CommandOutcome(end: .signaled(9))
        #expect(engine.classify(killed)?.failureClass == .runtimeError)
    }

    @Test
    func theProbeListsOnlyWhatWorked() {
        let version = CommandOutcome(
            end: .exited(0),
            output: Array("gst-launch-1.0 version 1.22.0\nGStreamer 1.22.0\n".utf8)
        )
        let help = CommandOutcome(end: .exited(0))
        let works = CommandOutcome(end: .exited(0), output: [UInt8](repeating: 7, count: 1_000))
        let failed = CommandOutcome(end: .exited(1), output: works.output)
        let report = engine.report(probed: [version, help, works, failed, help, failed, works])
        #expect(report.encoders == ["x264enc", "avenc_aac"])
        #expect(report.version == "1.22.0")
        #expect(report.problem == nil)
        #expect(engine.probePlans().count == 2 + engine.about.encoders.count)
        #expect(engine.report(probed: [version, help]).problem?.contains("no test encode") == true)
        let missing = engine.report(probed: [CommandOutcome(end: .notStarted("not found"))])
        #expect(missing.problem?.contains("install gstreamer1.0-tools") == true)
        #expect(engine.report(probed: []).problem != nil)
    }

    private func job(
        _ parameters: [String: String] = [:],
        to output: String = "/o.mp4"
    ) -> JobSpec {
        JobSpec(
            engine: "gstreamer",
            input: "/i.mp4",
            output: output,
            parameters: parameters.map { Parameter(key: $0.key, value: $0.value) }
        )
    }

    private func failureClass(_ log: String, code: Int32 = 1) -> FailureClass? {
        engine.classify(CommandOutcome(end: .exited(code), logTail: Array(log.utf8)))?.failureClass
    }

    static let inspection = """
        Analyzing file:///tmp/in
        Done discovering file:///tmp/in

        Properties:
          Duration: 0:00:05.312000000
          Seekable: yes
          Live: no
          container #0: Quicktime
            video #1: H.264 (Main Profile)
              Stream ID: 73b50c2de5263df9e0cc846caeed310ccc16a923acf49193d953ebfbe0c83e62/001
              Width: 1280
              Height: 720
              Depth: 24
              Frame rate: 25/1
              Pixel aspect ratio: 1/1
            audio #2: MPEG-4 AAC
              Language: <unknown>
              Channels: 6 (front-left, front-right, front-center, lfe1, rear-left, rear-right)
              Sample rate: 48000

        """

    private static let path = "/GstPipeline:pipeline0/GstIdentity:progress: last-message = "

    static let progress =
        "Setting pipeline to PAUSED ...\n"
        + path
        + "event   ******* (progress:sink) E (type: stream-start (10254), x) 0x7fbc70043ab0\n"
        + "/GstPipeline:pipeline0/GstIdentity:given: last-message = chain   ******* (given:sink) "
        + "(9 bytes, dts: none, pts: 0:00:00.000000000)\n"
        + path + "chain   ******* (progress:sink) (26500 bytes, dts: 999:59:59.800000000, pts: "
        + "1000:00:00.000000000, duration: 0:00:00.100000000, offset: 0, flags: 0) 0x7f50\n"
        + path + "chain   ******* (progress:sink) (1534 bytes, dts: 999:59:59.900000000, pts: "
        + "1000:00:00.400000000, duration: 0:00:00.100000000, offset: 26499) 0x7f5044\n"
        + path + "chain   ******* (progress:sink) (385 bytes, dts: 1000:00:00.000000000, pts: "
        + "1000:00:00.100000000, duration: 0:00:00.100000000, offset: 89449) 0x7f505\n"
        + "Got EOS from element \"pipeline0\".\nExecution ended after 0:00:00.258057164\n"
}
