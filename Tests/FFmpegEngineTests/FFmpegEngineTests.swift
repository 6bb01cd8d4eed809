// SPDX-License-Identifier: Apache-2.0
// Reelwork: the adapter's plans and readers, without FFmpeg

import EngineTestKit
import ReelworkCore
import ReelworkEngineKit
import Testing

@testable import FFmpegEngine

// Goal: the adapter's plans are exactly these, and everything that FFmpeg prints is read without a
// trap. Method: golden command lines, outputs of real runs, garbage and cuts.
struct FFmpegEngineTests {
    private let engine = FFmpegEngine()

    private static let head =
        "-nostdin -hide_banner -y -loglevel warning -nostats -progress pipe:1 -stats_period 0.5 "
        + "-protocol_whitelist file,pipe -format_whitelist \(FFmpegEngine.inputFormats) "
        + "-i file:in -map 0:V:0 "
    private static let x264 = "-c:v libx264 -pix_fmt yuv420p "
    private static let plain = "-map 0:a:0? -map_chapters -1 -sn -dn "
    private static let tail = "-c:a aac -movflags +faststart -f mp4 file:out"

    static let golden: [([String: String], String, String)] = [
        ([:], "/o.mp4", plain + x264 + "-fps_mode vfr -crf 23 -preset medium " + tail),
        (
            ["bitrate": "2.5M", "preset": "fast"], "/o.m4v",
            plain + x264 + "-fps_mode vfr -b:v 2500000 -preset fast " + tail
        ),
        (
            ["resolution": "640x360", "fps": "30000/1001", "duration": "1.5m"], "/o.mp4",
            plain + "-t 90.000000 " + x264
                + "-vf fps=30000/1001,settb=1/1000000000,scale=640:360,setsar=1 -fps_mode cfr "
                + "-crf 23 -preset medium "
                + tail
        ),
        (
            ["codec": "copy", "audio": "none", "duration": "0.000001"], "/o.mkv",
            "-map_chapters -1 -sn -dn -t 0.000001 -c:v copy -an -f matroska file:out"
        ),
        (
            ["codec": "libx265", "crf": "18", "audio": "copy"], "/o.mov",
            plain + "-c:v libx265 -pix_fmt yuv420p -fps_mode vfr -crf 18 -preset medium "
                + "-x265-params log-level=error -tag:v hvc1 -c:a copy "
                + "-movflags +faststart -f mov file:out"
        ),
        (
            ["preset": "ultrafast"], "/o.webm",
            plain + "-c:v libvpx-vp9 -pix_fmt yuv420p -fps_mode vfr -crf 31 -b:v 0 -deadline good "
                + "-cpu-used 8 -row-mt 1 -c:a libopus -ar 48000 -af "
                + "aformat=channel_layouts=7.1|6.1|5.1|5.0|quad|3.0|stereo|mono -f webm file:out"
        ),
        (
            ["codec": "av1", "preset": "veryslow", "audio": "none"], "/o.mkv",
            "-map_chapters -1 -sn -dn -c:v libsvtav1 -pix_fmt yuv420p -fps_mode vfr -crf 35 "
                + "-preset 4 -an -f matroska file:out"
        ),
        (
            ["codec": "mpeg4", "audio": "none"], "/o.mkv",
            "-map_chapters -1 -sn -dn -c:v mpeg4 -pix_fmt yuv420p -fps_mode vfr -b:v 4000000 "
                + "-an -f matroska file:out"
        ),
    ]

    @Test(arguments: golden)
    func theCommandLineIsThis(given: [String: String], output: String, rest: String) throws {
        let plan = try engine.command(
            job(given, to: output),
            context: CommandContext(media: EngineConformance.media)
        )
        #expect(plan.program == "ffmpeg")
        #expect(plan.arguments.joined(separator: " ") == Self.head + rest)
        #expect(plan.output == .progress)
        #expect(plan.environment == [EnvironmentValue(name: "LC_ALL", value: "C")])
    }

    @Test
    func threadsAndOddSidesAreSaid() throws {
        var media = EngineConformance.media
        media.streams[0].resolution = Resolution(width: 641, height: 361)
        let context = CommandContext(media: media, threadsMax: 2)
        let line = try engine.command(job(), context: context).arguments.joined(separator: " ")
        #expect(line.contains("-vf scale=trunc(iw/2)*2:trunc(ih/2)*2 "))
        #expect(line.contains("-threads 2 "))
    }

    @Test
    func theInspectionReadsHeadersAndTheVerificationCounts() {
        let inspect = engine.inspectPlan()
        #expect(inspect.program == "ffprobe")
        #expect(inspect.arguments.suffix(2) == ["-i", "file:in"])
        #expect(!inspect.arguments.contains("-count_packets"))
        let verify = engine.verifyPlans(
            job(),
            context: CommandContext(media: EngineConformance.media)
        )
        #expect(verify.count == 1)
        #expect(verify[0].arguments.contains("-count_packets"))
        #expect(verify[0].arguments.suffix(2) == ["-i", "file:out"])
        #expect(verify[0].timeMax == .seconds(30) + .milliseconds(5_312))
    }

    // Lesson 12: an input of duration 0 had a limit of 0 s. Seed: TestCalculateTimeout.
    @Test(
        arguments: [
            (nil, nil, nil, 1_800, false), (10, nil, nil, 60, false), (30, nil, nil, 60, false),
            (31, nil, nil, 62, false), (3_600, nil, nil, 7_200, false),
            (3_600, "10", nil, 60, false),
            (3_600, "1h", nil, 7_200, false), (3_600, nil, 5, 5, true), (nil, nil, 5, 5, true),
            (0, nil, nil, 1_800, false), (-1, nil, nil, 1_800, false),
        ] as [(Int64?, String?, Int64?, Int64, Bool)]
    )
    func timeouts(plays: Int64?, cut: String?, own: Int64?, limit: Int64, isHard: Bool) {
        var job = job(cut.map { ["duration": $0] } ?? [:])
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
                    container: "mov,mp4,m4a,3gp,3g2,mj2",
                    streams: [
                        MediaStream(
                            kind: .video,
                            codec: "h265",
                            resolution: Resolution(width: 1_280, height: 720),
                            frameRate: FrameRate(25),
                            frames: 132,
                            duration: .milliseconds(5_280)
                        ),
                        MediaStream(kind: .audio, codec: "aac", frames: 250, duration: .seconds(5)),
                        MediaStream(
                            kind: .other,
                            codec: "mjpeg",
                            resolution: Resolution(width: 10, height: 10)
                        ),
                    ]
                )
        )
    }

    // Times as ffprobe prints them: the file's beginning need not be 0, a stream may begin before
    // it, and Matroska's tag says when a stream ends.
    @Test(
        arguments: [
            ("0.000000", "1.500000", nil, 1_500, nil), ("10.000000", "11.500000", nil, 1_500, nil),
            ("10.000000", "10.000000", "00:00:12.500000000", 0, 2_500),
            ("0.000000", "1.500000", "00:00:05.000000000", 1_500, 3_500),
            ("0.000000", "-0.023000", nil, 0, nil), ("0.000000", "N/A", nil, 0, nil),
            (nil, nil, nil, 0, nil), ("2.000000", nil, nil, 0, nil),
            ("5.000000", "9.000000", "00:00:03.000000000", 4_000, 0),
        ] as [(String?, String?, String?, Int, Int?)]
    )
    func whenAStreamBeginsIsRead(
        file: String?,
        stream: String?,
        tag: String?,
        begins: Int,
        plays: Int?
    ) throws {
        let start = { (text: String?) in text.map { ", \"start_time\": \"\($0)\"" } ?? "" }
        let tags = tag.map { ", \"tags\": { \"DURATION\": \"\($0)\" }" } ?? ""
        let text =
            "{\"format\": {\"format_name\": \"x\"\(start(file))}, \"streams\": ["
            + "{\"codec_name\": \"h264\", \"codec_type\": \"video\"\(start(stream))\(tags)}]}"
        let outcome = CommandOutcome(end: .exited(0), output: Array(text.utf8))
        let video = try #require(try engine.inspected(outcome).video)
        #expect(video.begins == .milliseconds(begins))
        #expect(video.duration == plays.map { .milliseconds($0) })
    }

    // FFmpeg ends with code 0 where the input lost its end or a piece.
    @Test(arguments: [
        "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5] stream 0, offset 0x8f2: partial file",
        "[matroska,webm @ 0x5] File ended prematurely at pos. 5279 (0x149f)",
        "[matroska,webm @ 0x5] Element at 0x7 ending at 0x9 exceeds containing master element "
            + "ending at 0x8",
    ])
    func aDamagedInputIsAnInputErrorThoughTheCodeIsZero(log: String) {
        for code in [Int32(0), 69] {
            let outcome = CommandOutcome(end: .exited(code), logTail: Array(log.utf8))
            let failure = engine.classify(outcome)
            #expect(failure?.failureClass == (code == 0 ? .inputError : .runtimeError))
        }
    }

    // What lies in its buffer at the end is written behind its last check.
    @Test(arguments: [
        ("Error writing trailer of file:out: No space left on device", FailureClass.resourceError),
        ("Error closing file file:out: Disk quota exceeded", .resourceError),
        ("Error closing file file:out: Input/output error", .runtimeError),
    ])
    func anOutputThatLostItsEndHasFailedThoughTheCodeIsZero(
        log: String,
        expected: FailureClass
    ) {
        #expect(failureClass(log, code: 0) == expected)
        #expect(failureClass("Error closing file file:other: I/O error", code: 0) == nil)
    }

    @Test(arguments: ["", "{", "{}", "[]", "null", "{\"format\": {}}", "{\"streams\": 3}", "\u{0}"])
    func anAnswerThatIsNoneIsAnInputError(text: String) {
        let outcome = CommandOutcome(end: .exited(0), output: Array(text.utf8))
        let failure = #expect(throws: EngineFailure.self) { try engine.inspected(outcome) }
        #expect(failure?.failureClass == .inputError)
    }

    @Test
    func progressIsRead() {
        var parser = engine.progressParser()
        let newest = parser.consume(Array(Self.progress.utf8))
        #expect(
            newest
                == EngineProgress(
                    media: .milliseconds(5_312),
                    frames: 132,
                    speedMilli: 9_190,
                    framesPerSecondMilli: 228_450,
                    bytes: 3_521_072,
                    isEnd: true
                )
        )
        #expect(parser.consume(Array("out_time_us=N/A\nspeed=N/A\n".utf8)) == nil)
        let last = parser.consume(Array("progress=continue\n".utf8))
        #expect(last?.media == .milliseconds(5_312))
        #expect(last?.speedMilli == nil)
    }

    @Test(arguments: [
        ("file:in: Invalid data found when processing input", FailureClass.inputError),
        ("file:in: No such file or directory", .inputError),
        ("file:in: Permission denied", .inputError),
        ("[concat @ 0x55] Format not on whitelist 'mov'\nfile:in: Invalid argument", .inputError),
        ("[out#0] Stream map '0:V:0' matches no streams.", .inputError),
        ("Unknown encoder 'libnope'", .capabilityMismatch),
        ("av_interleaved_write_frame(): No space left on device", .resourceError),
        ("x264 [error]: malloc of size 9 failed\nCannot allocate memory", .resourceError),
        ("file:out: Permission denied", .runtimeError), ("Conversion failed!", .runtimeError),
        ("rtmp://h: Connection refused", .networkError),
    ])
    func logsAreClassified(log: String, expected: FailureClass) {
        #expect(failureClass(log) == expected)
        #expect(failureClass(log, code: 0) == nil)
    }

    @Test
    func theProbeListsOnlyWhatWorked() {
        let works = CommandOutcome(
            end: .exited(0),
            output: [0x1A, 0x45, 0xDF, 0xA3] + [UInt8](repeating: 0, count: 1_000)
        )
        let versions = ["ffmpeg", "ffprobe"].map { program in
            CommandOutcome(
                end: .exited(0),
                output: Array("\(program) version 5.1.9-0+deb12u1 Copyright (c) 2000\n".utf8)
            )
        }
        let empty = CommandOutcome(end: .exited(0))
        let failed = CommandOutcome(end: .exited(1), output: works.output)
        let report = engine.report(probed: versions + [works, failed, empty, works])
        #expect(report.encoders == ["libx264", "libsvtav1"])
        #expect(report.version == "5.1.9-0+deb12u1")
        #expect(report.problem == nil)
        #expect(engine.probePlans().count == 2 + engine.about.encoders.count)
        let none = engine.report(probed: versions)
        #expect(none.encoders.isEmpty)
        #expect(none.problem?.contains("no test encode worked") == true)
        let missing = engine.report(probed: [CommandOutcome(end: .notStarted("not found"))])
        #expect(missing.problem?.contains("install ffmpeg") == true)
        #expect(engine.report(probed: []).problem != nil)
    }

    private func job(
        _ parameters: [String: String] = [:],
        to output: String = "/o.mp4"
    ) -> JobSpec {
        JobSpec(
            engine: "ffmpeg",
            input: "/i.mp4",
            output: output,
            parameters: parameters.map { Parameter(key: $0.key, value: $0.value) }
        )
    }

    private func failureClass(_ log: String, code: Int32 = 1) -> FailureClass? {
        engine.classify(CommandOutcome(end: .exited(code), logTail: Array(log.utf8)))?.failureClass
    }

    static let inspection = """
        {
            "programs": [ ],
            "streams": [
                { "index": 0, "codec_name": "hevc", "codec_type": "video", "width": 1280,
                  "height": 720, "avg_frame_rate": "25/1", "duration": "5.280000",
                  "nb_frames": "132", "disposition": { "attached_pic": 0 } },
                { "index": 1, "codec_name": "aac", "codec_type": "audio", "avg_frame_rate": "0/0",
                  "nb_read_packets": "250", "tags": { "DURATION": "00:00:05.000000000" } },
                { "index": 2, "codec_name": "mjpeg", "codec_type": "video", "width": 10,
                  "height": 10, "duration": "N/A", "disposition": { "attached_pic": 1 } }
            ],
            "format": { "format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "5.312000" }
        }
        """

    static let progress = """
        frame=1
        fps=0.00
        stream_0_0_q=0.0
        bitrate=   6.0kbits/s
        total_size=48
        out_time_us=-64000
        out_time=-00:00:00.064000
        speed= 5.6x
        progress=continue
        frame=132
        fps=228.45
        bitrate=5302.8kbits/s
        total_size=3521072
        out_time_us=5312000
        out_time_ms=5312000
        speed=9.19x
        progress=end

        """
}
