// SPDX-License-Identifier: Apache-2.0
// Reelwork: GStreamer with real films

import EngineTestKit
import Foundation
import GStreamerEngine
import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the real programs do what the plans say. Method: probe, inspect, encode and verify real
// films in a scratch folder with links, and count the frames again with ffprobe.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct GStreamerEngineRealTests {
    private let engine = GStreamerEngine()

    private func job(
        _ input: String,
        _ output: String,
        _ parameters: [String: String] = [:]
    ) -> JobSpec {
        var all = ["preset": "ultrafast"]
        all.merge(parameters) { $1 }
        return JobSpec(
            engine: "gstreamer",
            input: input,
            output: output,
            parameters: all.filter { !$0.value.isEmpty }
                .map { Parameter(key: $0.key, value: $0.value) }
        )
    }

    /// Encodes, and returns what the verification and an independent count say.
    private func encode(
        _ film: TestFilms.Film,
        to name: String,
        _ parameters: [String: String] = [:]
    ) async throws -> (ScratchFolder.Encoded, frames: UInt64) {
        let folder = try ScratchFolder()
        let input = try await TestFilms.path(of: film, in: folder)
        let part = folder.root.appendingPathComponent("job.part").path
        let encoded = try await folder.encode(
            job(input, "/out/" + name, parameters),
            with: engine,
            part: part
        )
        let frames = try #require(try await folder.countFrames(part))
        #expect(encoded.found.video?.frames == frames)
        #expect(encoded.outcome.progress?.isEnd == true)
        #expect(encoded.outcome.progress?.framesGiven == frames)
        return (encoded, frames)
    }

    private func isNear(_ frames: UInt64, _ expected: UInt64) -> Bool {
        frames + 1 >= expected && frames <= expected + 1
    }

    @Test
    func theProbeProvesEveryEncoderHere() async throws {
        let report = try await ScratchFolder().probe(engine)
        #expect(report.problem == nil)
        #expect(report.encoders == engine.about.encoders)
        #expect(report.version.first?.isNumber == true)
    }

    @Test(arguments: ["mp4", "mkv", "mov", "m4v"])
    func bothFilmsKeepTheirFrames(ending: String) async throws {
        for film in [TestFilms.bunny, TestFilms.bikes] {
            let (encoded, frames) = try await encode(film, to: "film." + ending)
            #expect(isNear(frames, film.frames), "\(film.name): \(frames)")
            #expect((encoded.found.audio != nil) == film.hasAudio)
            #expect(encoded.outcome.progress?.frames == frames)
        }
    }

    @Test
    func sizeRateAndBitrateAreKept() async throws {
        let (encoded, frames) = try await encode(
            TestFilms.bunny,
            to: "film.mp4",
            ["resolution": "320x180", "fps": "10", "bitrate": "300k", "audio": "none"]
        )
        #expect(encoded.found.video?.resolution == Resolution(width: 320, height: 180))
        #expect(isNear(frames, 53))
        #expect(encoded.found.audio == nil)
        let bytes = try #require(encoded.outcome.progress?.bytes)
        #expect(bytes < 400_000)
    }

    @Test
    func aSmallerQualityNumberMakesMoreBytes() async throws {
        let (fine, _) = try await encode(TestFilms.bikes, to: "film.mkv", ["crf": "20"])
        let (coarse, _) = try await encode(TestFilms.bikes, to: "film.mkv", ["crf": "40"])
        let (more, less) = (fine.outcome.progress?.bytes, coarse.outcome.progress?.bytes)
        #expect((more ?? 0) > (less ?? 0) * 2)
    }

    @Test(arguments: [
        ("mp4", ["codec": "h265"]), ("webm", ["audio": "opus"]),
        ("mkv", ["audio": "opus"]),
        ("mkv", ["codec": "vp9", "audio": "none"]), ("mp4", ["audio": "opus"]),
    ])
    func everyCodecIsMade(ending: String, parameters: [String: String]) async throws {
        var given = parameters
        given["resolution"] = "320x180"
        let (_, frames) = try await encode(TestFilms.bunny, to: "film." + ending, given)
        #expect(isNear(frames, 132))
    }

    // Only links reach the programs, so a name may be anything.
    @Test(arguments: [
        "a b", "it's", "say \"x\"", "back\\slash", "a ! filesink location=evil", "new\nline", "-y",
        "concat:a|b", "%03d", "file:x", "d. ! x",
    ])
    func namesMayBeAnything(name: String) async throws {
        let folder = try ScratchFolder()
        let film = try await TestFilms.path(of: TestFilms.bikes, in: folder)
        let place = folder.root.appendingPathComponent("place")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let input = place.path + "/" + name
        try FileManager.default.copyItem(atPath: film, toPath: input)
        let part = place.path + "/" + name + ".part"
        let output = place.path + "/" + name + ".mp4"
        _ = try await folder.encode(
            job(input, output, ["resolution": "64x64"]),
            with: engine,
            part: part
        )
        let left = try FileManager.default.contentsOfDirectory(atPath: place.path)
        #expect(Set(left) == [name, name + ".part"])
        let inside = try FileManager.default.contentsOfDirectory(atPath: folder.scratch.path)
        #expect(Set(inside) == ["in", "out"])
        let link = try FileManager.default.destinationOfSymbolicLink(
            atPath: folder.scratch.path + "/out"
        )
        #expect(link == part)
    }

    private static let listings = [
        "plain text, no film", "", "ffconcat version 1.0\nfile {film}\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{film}\n#EXT-X-ENDLIST\n",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\"></svg>",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    ]

    // A list that names another film must not be followed, neither by the inspection nor by the
    // encode.
    @Test(arguments: listings)
    func aTextIsNoFilm(text: String) async throws {
        let folder = try ScratchFolder()
        let film = try await TestFilms.path(of: TestFilms.bikes, in: folder)
        let input = folder.root.appendingPathComponent("input").path
        let filled = text.split(separator: "{film}", omittingEmptySubsequences: false)
            .joined(separator: URL(fileURLWithPath: film).path)
        try Data(filled.utf8).write(to: URL(fileURLWithPath: input))
        try folder.link(input: input)
        try folder.link(output: folder.root.appendingPathComponent("part").path)
        let looked = try await folder.run(engine.inspectPlan(), parser: engine.progressParser())
        let failure = #expect(throws: EngineFailure.self) { try engine.inspected(looked) }
        #expect(failure?.failureClass == .inputError, "\(failure?.description ?? "")")
        let video = MediaStream(kind: .video, codec: "h264")
        let media = MediaInfo(duration: .seconds(10), container: "", streams: [video])
        var plan = try engine.command(job(input, "/o.mp4"), context: CommandContext(media: media))
        // gst-launch-1.0 now and then hangs on the error of a file that is no film; the inspection
        // keeps such files from it. What matters here is that nothing is encoded.
        plan.timeMax = .seconds(10)
        let outcome = try await folder.run(plan, parser: engine.progressParser())
        let cause = try #require(engine.classify(outcome))
        let isHung = outcome.end == .signaled(SIGKILL)
        #expect(cause.failureClass == .inputError || isHung, "\(cause.description)")
        let part = try Data(contentsOf: folder.root.appendingPathComponent("part"))
        #expect(part.isEmpty)
    }

    @Test
    func aMissingInputIsAnInputError() async throws {
        let folder = try ScratchFolder()
        try folder.link(input: folder.root.appendingPathComponent("nothing").path)
        let looked = try await folder.run(engine.inspectPlan(), parser: engine.progressParser())
        let failure = #expect(throws: EngineFailure.self) { try engine.inspected(looked) }
        #expect(failure?.failureClass == .inputError)
        #expect(failure?.message.contains("not there") == true, "\(failure?.message ?? "")")
    }

    @Test
    func aFullDiskIsAResourceError() async throws {
        let folder = try ScratchFolder()
        try folder.link(input: try await TestFilms.path(of: TestFilms.bikes, in: folder))
        try FileManager.default.createSymbolicLink(
            atPath: folder.scratch.path + "/out",
            withDestinationPath: "/dev/full"
        )
        let looked = try await folder.run(engine.inspectPlan(), parser: engine.progressParser())
        let context = CommandContext(media: try engine.inspected(looked))
        let plan = try engine.command(job("/a.mp4", "/o.mkv"), context: context)
        let outcome = try await folder.run(plan, parser: engine.progressParser())
        let cause = try #require(engine.classify(outcome))
        #expect(cause.failureClass == .resourceError, "\(cause.description)")
    }

    // A file that lost its end must not be published, whatever the container says of its length.
    @Test(arguments: ["mp4", "mkv"])
    func aTruncatedOutputIsRefused(ending: String) async throws {
        let folder = try ScratchFolder()
        let input = try await TestFilms.path(of: TestFilms.bunny, in: folder)
        let part = folder.root.appendingPathComponent("part").path
        let whole = job(input, "/o." + ending)
        let encoded = try await folder.encode(whole, with: engine, part: part)
        let data = try Data(contentsOf: URL(fileURLWithPath: part))
        try data.prefix(data.count * 2 / 3).write(to: URL(fileURLWithPath: part))
        let context = CommandContext(media: encoded.media)
        let progress = encoded.outcome.progress
        let failure = await #expect(throws: EngineFailure.self) {
            try await folder.verify(whole, with: engine, context: context, progress)
        }
        #expect(failure?.reason == EngineFailure.outputInvalid)
        #expect(failure?.failureClass == .runtimeError)
    }

    // A long look-ahead at one frame a second must not stop the pipeline: the queues must hold it.
    @Test
    func aLowFrameRateDoesNotHang() async throws {
        let (_, frames) = try await encode(
            TestFilms.bunny,
            to: "f.mp4",
            ["fps": "1", "preset": "medium", "resolution": "64x64"]
        )
        #expect(isNear(frames, 5))
    }

    // The sound may come first in the file; each branch must still get its own stream.
    @Test
    func aFilmWithItsSoundFirstIsEncoded() async throws {
        let folder = try ScratchFolder()
        try folder.link(input: try await TestFilms.path(of: TestFilms.bunny, in: folder))
        let swapped = folder.root.appendingPathComponent("swapped.mkv").path
        try folder.link(output: swapped)
        let plan = CommandPlan(
            program: "ffmpeg",
            arguments: [
                "-nostdin", "-y", "-loglevel", "error", "-i", "file:in", "-map", "0:a", "-map",
                "0:a", "-map", "0:v", "-c", "copy", "-f", "matroska", "file:out",
            ],
            output: .kept(bytesMax: 4_096)
        )
        #expect(try await folder.run(plan, parser: NoProgress()).isSuccess)
        let part = folder.root.appendingPathComponent("part").path
        let encoded = try await folder.encode(job(swapped, "/o.mp4"), with: engine, part: part)
        #expect(encoded.found.audio != nil)
        #expect(try await folder.countFrames(part) == 132)
    }
}
