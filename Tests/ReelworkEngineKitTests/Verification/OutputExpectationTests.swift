// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a finished file must be

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: a file that is short, empty, of another kind or without its sound is refused; rounding is
// not. Method: one good file, and tables of what differs from it.
struct OutputExpectationTests {
    private func media(
        frames: UInt64? = 250,
        video: Duration? = .seconds(10),
        audio: Duration? = .seconds(10),
        whole: Duration? = .seconds(10),
        codec: String = "h264",
        size: Resolution? = Resolution(width: 640, height: 360),
        hasAudio: Bool = true
    ) -> MediaInfo {
        var streams = [
            MediaStream(
                kind: .video,
                codec: codec,
                resolution: size,
                frameRate: FrameRate(25),
                frames: frames,
                duration: video
            )
        ]
        if hasAudio { streams.append(MediaStream(kind: .audio, codec: "aac", duration: audio)) }
        return MediaInfo(duration: whole, container: "mp4", streams: streams)
    }

    private func problem(
        _ parameters: [String: String] = [:],
        input: MediaInfo? = nil,
        encoded: EngineProgress? = nil,
        found: MediaInfo
    ) throws -> String? {
        let read = try TestTable.read(parameters)
        let expectation = OutputExpectation(read, media: input ?? media(), encoded: encoded)
        do {
            try expectation.check(found)
            return nil
        } catch {
            #expect(error.failureClass == .runtimeError)
            #expect(error.reason == EngineFailure.outputInvalid)
            return error.message
        }
    }

    @Test
    func theSameFilmPasses() throws {
        let done = EngineProgress(media: .seconds(10), frames: 250, isEnd: true)
        #expect(try problem(encoded: done, found: media()) == nil)
    }

    @Test(
        arguments: [
            (248, nil), (252, nil), (247, "247 frames"), (253, "253 frames"), (0, "no video frame"),
        ] as [(UInt64, String?)]
    )
    func framesMayDifferByOnePercent(frames: UInt64, words: String?) throws {
        let said = try problem(found: media(frames: frames))
        #expect(words.map { said?.contains($0) == true } ?? (said == nil), "\(said ?? "")")
    }

    @Test(
        arguments: [
            (10_200, nil), (9_800, nil), (10_201, "plays 10.201 s, not 10.000 s"), (9_799, "9.799"),
        ] as [(Int, String?)]
    )
    func durationsMayDifferByTheTolerance(milliseconds: Int, words: String?) throws {
        let said = try problem(found: media(whole: .milliseconds(milliseconds)))
        #expect(words.map { said?.contains($0) == true } ?? (said == nil), "\(said ?? "")")
    }

    @Test
    func longFilmsMayDifferByOnePercent() throws {
        let input = media(frames: nil, video: .seconds(1_000), audio: .seconds(1_000))
        #expect(
            try problem(input: input, found: media(frames: 25_000, whole: .seconds(991))) == nil
        )
        #expect(
            try problem(input: input, found: media(frames: 25_000, whole: .seconds(989))) != nil
        )
    }

    // The last frame of a slow film lasts longer than the tolerance.
    @Test
    func aFrameMoreOrLessIsNoDifference() throws {
        let slow = media(frames: 10, video: nil, whole: .seconds(11))
        #expect(try problem(["fps": "1"], found: slow) == nil)
        let slower = media(frames: 10, video: nil, whole: .milliseconds(11_001))
        #expect(try problem(["fps": "1"], found: slower) != nil)
    }

    @Test
    func anotherCodecSizeOrSoundIsRefused() throws {
        #expect(try problem(found: media(codec: "vp9"))?.contains("not h264") == true)
        #expect(try problem(found: media(hasAudio: false)) == "the output has no sound")
        #expect(try problem(["audio": "none"], found: media())?.contains("has sound") == true)
        let said = try problem(["resolution": "320x180"], found: media())
        #expect(said == "the output is 640x360, not 320x180")
        let none = MediaInfo(duration: .seconds(10), container: "mp4", streams: [])
        #expect(try problem(found: none) == "the output has no video")
        #expect(try problem(found: media(frames: nil))?.contains("counted") == true)
        #expect(try problem(found: media(whole: nil))?.contains("does not say") == true)
    }

    @Test
    func theEncodersOwnCountBinds() throws {
        let counted = EngineProgress(media: .seconds(10), frames: 240, isEnd: true)
        let said = try problem(encoded: counted, found: media())
        #expect(said == "the output has 250 frames, not 240 by the encoder's count")
        let lossy = EngineProgress(frames: 247, framesGiven: 250, isEnd: true)
        let vague = media(frames: nil, video: nil)
        let lost = try problem(input: vague, encoded: lossy, found: media(frames: 247))
        #expect(lost == "the output has 247 frames, not 250 that the encoder was given")
        let open = EngineProgress(media: .seconds(10), frames: 250, isEnd: false)
        #expect(try problem(encoded: open, found: media())?.contains("without saying") == true)
    }

    @Test
    func aRateThatWasAskedForBinds() throws {
        #expect(try problem(["fps": "10"], found: media(frames: 100)) == nil)
        #expect(try problem(["fps": "10"], found: media(frames: 98)) == nil)
        #expect(try problem(["fps": "10"], found: media(frames: 250)) != nil)
    }

    @Test
    func aCutBinds() throws {
        let cut = media(frames: 50, whole: .seconds(2))
        #expect(try problem(["duration": "2"], found: cut) == nil)
        #expect(try problem(["duration": "2"], found: media()) != nil)
        #expect(try problem(["duration": "20"], found: media()) == nil)
        #expect(
            try problem(
                ["duration": "2", "fps": "10"],
                found: media(frames: 20, whole: .seconds(2))
            ) == nil
        )
    }

    // The rule of cuts, one frame more or less: the eleventh frame begins before 1.01 s.
    @Test
    func aCutBindsToItsFrames() throws {
        let cut = ["duration": "1.01", "fps": "10"]
        let read = try TestTable.read(cut)
        #expect(OutputExpectation(read, media: media(), encoded: nil).frames == 11)
        for (frames, isRight) in [(9, false), (10, true), (11, true), (12, true), (13, false)] {
            let found = media(frames: UInt64(frames), whole: .milliseconds(1_050))
            #expect(try (problem(cut, found: found) == nil) == isRight, "\(frames)")
        }
    }

    // A stream that begins late ends late, though it plays no longer.
    @Test
    func whenAStreamBeginsCounts() throws {
        var input = media()
        input.duration = .milliseconds(11_500)
        input.streams[1].begins = .milliseconds(1_500)
        #expect(try problem(input: input, found: media(whole: .milliseconds(11_500))) == nil)
        #expect(try problem(input: input, found: media())?.contains("not 11.500 s") == true)
        let silent = media(hasAudio: false)
        #expect(try problem(["audio": "none"], input: input, found: silent) == nil)
        input.streams[0].begins = .seconds(3)
        #expect(try problem(input: input, found: media(whole: .seconds(13))) == nil)
    }

    // A film cut by an edit list counts frames that it does not show.
    @Test
    func aFrameCountThatDoesNotFitTheDurationIsNotBelieved() throws {
        let input = media(frames: 400)
        let done = EngineProgress(media: .seconds(10), frames: 250, isEnd: true)
        #expect(try problem(input: input, encoded: done, found: media()) == nil)
    }

    // Sound that plays longer than the picture does not count once it is left out.
    @Test
    func aStreamThatIsLeftOutDoesNotCount() throws {
        let input = media(audio: .seconds(30), whole: .seconds(30))
        let found = media(hasAudio: false)
        #expect(try problem(["audio": "none"], input: input, found: found) == nil)
        let vague = media(frames: nil, video: nil, audio: nil, whole: .seconds(30))
        let done = EngineProgress(media: .seconds(10), frames: 250, isEnd: true)
        #expect(try problem(["audio": "none"], input: vague, encoded: done, found: found) == nil)
        #expect(try problem(input: vague, encoded: done, found: media()) != nil)
    }
}
