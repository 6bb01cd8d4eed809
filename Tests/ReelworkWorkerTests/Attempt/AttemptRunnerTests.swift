// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of single runs

import CChecksum
import Foundation
import ReelworkCore
import Testing

@testable import ReelworkWorker

/// Single runs with the real helper and the fake engine.
///
/// Goal: every way of a run ends with the right report and leaves nothing behind. Method: an
/// attempt at a time, real processes, real files.
@Suite(.timeLimit(.minutes(1)))
struct AttemptRunnerTests {
    @Test func goesTheWholeWay() async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50 FPS=25 AUDIO=aac")
        let said = await bench.begin("in.mp4").end()
        try #require(said.count == 3, "\(said)")
        guard case .started(let start) = said[0], case .ready(let film) = said[1],
            case .finished(let last, let finish) = said[2]
        else {
            Issue.record("\(said)")
            return
        }
        #expect(start.mediaDuration == .seconds(2))
        #expect(start.limit == .seconds(60))
        #expect(start.pid != nil)
        let bytes = Array((bench.folder.read("out.mp4") ?? "").utf8)
        #expect(bytes.starts(with: Array("fake-film".utf8)))
        #expect(film.size == UInt64(bytes.count))
        #expect(film.checksum == reelwork_crc32c(0, bytes, bytes.count))
        #expect(film.mediaDuration == .seconds(2))
        #expect(last == film && finish.adopted == nil)
        #expect(bench.isTidy && bench.processesLeft.isEmpty)
    }

    @Test(arguments: ["", "IGNORETERM=1", "GRANDCHILD=1", "GRANDCHILD=2 IGNORETERM=1"])
    func leavesNothingAfterACancel(_ manner: String) async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50 MS=10 STALL=1 \(manner)")
        let said = await bench.begin("in.mp4").end { content, runner in
            if case .started = content { runner.stop(.revoked()) }
        }
        #expect(said.last == .released(.revoked, error: nil))
        #expect(!bench.events("start").isEmpty)
        #expect(bench.isTidy && bench.processesLeft.isEmpty)
        #expect(!bench.folder.exists("out.mp4"))
    }

    @Test func stopsBeforeItHasBegun() async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake MS=60000 FRAMES=50")
        let run = bench.begin("in.mp4")
        run.runner.stop(.forgotten)
        #expect(await run.end().allSatisfy { $0 != .released(.revoked, error: nil) })
        #expect(bench.isTidy && bench.processesLeft.isEmpty)
    }

    @Test(arguments: [("EXIT=3", Int64(3)), ("CRASH=11", -11), ("CRASH=9", -9)])
    func tellsHowTheEncoderFailed(_ manner: String, _ exit: Int64) async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50 \(manner)")
        let failure = try await bench.begin("in.mp4").failure()
        #expect(failure.failure == .runtimeError)
        #expect(failure.exit == exit)
        if exit == 3 {
            #expect(String(decoding: failure.logTail, as: UTF8.self).contains("Conversion failed"))
        }
        #expect(bench.isTidy && bench.processesLeft.isEmpty)
        #expect(!bench.folder.names.contains { $0.hasPrefix("core") })
    }

    @Test func refusesATruncatedFilm() async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50 TRUNCATE=1")
        let failure = try await bench.begin("in.mp4").failure()
        #expect(failure.failure == .runtimeError)
        #expect(failure.error.hasPrefix("output_invalid: "))
        // What the probe of the part has said is there for the reader of the job's log.
        #expect(!failure.logTail.isEmpty)
        #expect(bench.isTidy && !bench.folder.exists("out.mp4"))
    }

    // The adapter knows the words of its encoder; of others the verification finds the loss.
    @Test(arguments: [
        (2, "ffmpeg did not write the whole film: the disk is full; "),
        (3, "output_invalid: the disk is full: "),
    ])
    func namesTheFullDiskBehindATruncatedFilm(_ manner: Int, _ words: String) async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50 TRUNCATE=\(manner)")
        let failure = try await bench.begin("in.mp4").failure()
        #expect(failure.failure == .resourceError)
        #expect(failure.error.hasPrefix(words), "\(failure.error)")
        #expect(failure.error.contains("free space where the output goes"))
        #expect(bench.isTidy && !bench.folder.exists("out.mp4"))
    }

    @Test func keepsWhatAFailedProbeHasSaid() async throws {
        // Goal: the log of a job whose input is no film says why, though no encoder ever ran.
        let bench = try AttemptBench(isReal: true)
        _ = try bench.folder.write("in.mp4", "no film at all")
        let run = bench.begin("in.mp4")
        let failure = try await run.failure()
        #expect(failure.failure == .inputError)
        #expect(String(decoding: failure.logTail, as: UTF8.self).contains("Invalid data found"))
        // Asked while it is still held, the log says the same.
        #expect(run.runner.log.bytes == failure.logTail)
    }

    @Test(arguments: [
        "a b.mp4", "quote'\".mp4", "line\nfeed.mp4", "-y.mp4", "concat:a|b.mp4", "back\\slash!.mp4",
        "%d.mp4", "file:x.mp4", "$(touch x).mp4", "ünï.mp4",
    ])
    func takesAnyName(_ name: String) async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in " + name, "fake FRAMES=50")
        let before = bench.folder.names + ["out " + name, "events"]
        let said = await bench.begin("in " + name, "out " + name).end()
        guard case .finished = said.last else {
            Issue.record("\(said)")
            return
        }
        #expect(bench.folder.names == before.sorted())
    }

    @Test func sweepsTheOlderPartsOfItsJobAlone() async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50")
        let other = ".reelwork-\(JobID(high: 1 << 12, low: 2))-1.part"
        for name in [bench.part(1), bench.part(2), bench.part(4), other, ".reelwork-x-1.part"] {
            _ = try bench.folder.write(name, "old")
        }
        await bench.begin("in.mp4", attempt: 3).end()
        #expect(bench.folder.exists("out.mp4"))
        let parts = bench.folder.names.filter { $0.hasSuffix(".part") }
        #expect(parts == [bench.part(4), other, ".reelwork-x-1.part"].sorted())
    }

    @Test func takesOverTheFilmOfAnEarlierGrant() async throws {
        // Goal: a film that stands is not encoded again, even where its input is gone.
        let bench = try AttemptBench()
        let text = "fake-film frames=50 duration_us=2000000 fps=25 width=640 height=360 video=h264"
        let bytes = Array((text + " audio=0 container=mp4\n").utf8)
        _ = try bench.folder.write("out.mp4", String(decoding: bytes, as: UTF8.self))
        let grant = Grant(
            attempt: AttemptNumber(2),
            size: UInt64(bytes.count),
            checksum: reelwork_crc32c(0, bytes, bytes.count)
        )
        let wrong = Grant(attempt: AttemptNumber(1), size: grant.size, checksum: 1)
        let run = bench.begin("gone.mp4", attempt: 3, granted: [wrong, grant], isLookOnly: true)
        let said = await run.end()
        guard case .finished(let film, let finish) = said.last, said.count == 1 else {
            Issue.record("\(said)")
            return
        }
        #expect(finish.adopted == AttemptNumber(2))
        #expect(film?.checksum == grant.checksum && film?.mediaDuration == .seconds(2))
        #expect(!bench.events("start").contains { $0.count > 2 && $0[2] == "ffmpeg" })
        #expect(bench.isTidy)
    }

    @Test func refusesAForeignFileUnlessItMayOverwrite() async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50")
        _ = try bench.folder.write("out.mp4", "mine")
        let grant = Grant(attempt: AttemptNumber(1), size: 4, checksum: 1)
        let refused = try await bench.begin("in.mp4", attempt: 2, granted: [grant]).failure()
        #expect(refused.failure == .userError)
        #expect(bench.folder.read("out.mp4") == "mine")
        await bench.begin("in.mp4", attempt: 3, overwrite: true).end()
        #expect(bench.folder.read("out.mp4")?.hasPrefix("fake-film") == true)
        #expect(bench.isTidy)
    }

    @Test func replacesNothingThatCameMeanwhile() async throws {
        // Goal: a file that appears while the grant is asked for is not replaced.
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50")
        let said = await bench.begin("in.mp4").end { content, runner in
            guard case .ready = content else { return }
            _ = try? bench.folder.write("out.mp4", "mine")
            runner.grant()
        }
        guard case .failed(let failure) = said.last else {
            Issue.record("\(said)")
            return
        }
        #expect(failure.failure == .userError)
        #expect(bench.folder.read("out.mp4") == "mine")
        #expect(bench.isTidy)
    }

    @Test(arguments: [false, true])
    func publishesNothingOnceALaterAttemptHasSwept(_ overwrite: Bool) async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50")
        let said = await bench.begin("in.mp4", overwrite: overwrite).end { content, runner in
            guard case .ready = content else { return }
            unlink(bench.folder.path + "/" + bench.part(1))
            runner.grant()
        }
        guard case .failed(let failure) = said.last else {
            Issue.record("\(said)")
            return
        }
        #expect(failure.failure == .platformError)
        #expect(failure.error.contains("removed by a later attempt"))
        #expect(!bench.folder.exists("out.mp4"))
    }

    @Test(arguments: ["same", "symbolic", "hard"])
    func refusesItsInputAsOutput(_ manner: String) async throws {
        let bench = try AttemptBench()
        let input = try bench.folder.write("in.mp4", "fake FRAMES=50")
        let output = bench.folder.path + "/out.mp4"
        switch manner {
        case "symbolic": #expect(symlink(input, output) == 0)
        case "hard": #expect(link(input, output) == 0)
        default: break
        }
        let name = manner == "same" ? "in.mp4" : "out.mp4"
        let failure = try await bench.begin("in.mp4", name, overwrite: true).failure()
        #expect(failure.failure == .userError)
        #expect(failure.error.contains("same file"))
        #expect(bench.folder.read("in.mp4") == "fake FRAMES=50")
        #expect(bench.isTidy)
    }

    @Test(arguments: [
        ("missing.mp4", "out.mp4", FailureClass.inputError), ("", "out.mp4", .inputError),
        ("in.mp4", "nofolder/out.mp4", .userError), ("in.mp4", "in.mp4/out.mp4", .userError),
        ("in.mp4", "", .userError), ("in.mp4", "..", .userError), ("in.mp4", "bin", .userError),
        ("in.mp4", "nul\0.mp4", .userError), ("nul\0.mp4", "out.mp4", .inputError),
        ("broken.mp4", "out.mp4", .inputError), ("/dev/null", "out.mp4", .inputError),
    ])
    func refusesWhatCannotBe(
        _ input: String,
        _ output: String,
        _ failure: FailureClass
    ) async throws {
        let bench = try AttemptBench()
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50")
        _ = try bench.folder.write("broken.mp4", "no film")
        let came = try await bench.begin(input, output).failure()
        #expect(came.failure == failure, "\(came.error)")
        #expect(!came.error.isEmpty && bench.isTidy)
    }

    // Security checklist 12 (paths).
    @Test func staysUnderItsRoots() async throws {
        let bench = try AttemptBench(isRooted: true)
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50")
        _ = try bench.folder.write("media/in.mp4", "fake FRAMES=50")
        symlink(bench.folder.path + "/in.mp4", bench.folder.path + "/media/link.mp4")
        symlink(bench.folder.path, bench.folder.path + "/media/up")
        for (input, output) in [
            ("in.mp4", "media/out.mp4"), ("media/in.mp4", "out.mp4"),
            ("media/link.mp4", "media/out.mp4"), ("media/in.mp4", "media/up/out.mp4"),
            ("media/in.mp4", "media/../out.mp4"),
        ] {
            let failure = try await bench.begin(input, output).failure()
            #expect(failure.failure == .userError && failure.error.contains("--root"))
        }
        await bench.begin("media/in.mp4", "media/out.mp4").end()
        #expect(bench.folder.exists("media/out.mp4"))
        #expect(!bench.folder.exists("out.mp4"))
    }

    @Test func encodesARealFilm() async throws {
        // Goal: the same way with the real programs; a clip made by them, encoded to Matroska.
        let bench = try AttemptBench(isReal: true)
        let clip = Process()
        clip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        clip.arguments =
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"]
            + ["testsrc=size=128x72:rate=25:duration=1", "-pix_fmt", "yuv420p", "-f", "mp4"]
            + [bench.folder.path + "/in.mp4"]
        try clip.run()
        clip.waitUntilExit()
        let run = bench.begin("in.mp4", "out.mkv")
        let said = await run.end()
        guard case .finished(let film, _) = said.last else {
            Issue.record("\(said)")
            return
        }
        #expect(film?.mediaDuration == .seconds(1))
        let note = try #require(run.runner.progress(JobNumber(1), AttemptNumber(1)))
        #expect(note.permille == 1_000 && note.media >= .milliseconds(900))
        #expect(bench.isTidy && bench.folder.exists("out.mkv"))
    }

    // An engine that encodes on a GPU is told which one the attempt has, until its end.
    @Test func theEncoderIsToldItsDevice() async throws {
        let bench = try AttemptBench(engine: GPUEngine())
        _ = try bench.folder.write("in.mp4", "fake FRAMES=50 FPS=25")
        let devices = [
            ResourceAmount(name: "nvdec:3", amount: 1),
            ResourceAmount(name: "gpu_session:1", amount: 1),
        ]
        let said = await bench.begin("in.mp4", devices: devices).end()
        guard case .finished? = said.last else {
            Issue.record("\(said)")
            return
        }
        let words = bench.events("start").first { $0.contains("-gpu") }
        let place = try #require(words?.firstIndex(of: "-gpu"))
        #expect(words?[place + 1] == "1")
        // Without a device the engine says so instead of taking a GPU that another has.
        let bare = try await bench.begin("in.mp4", "other.mp4").failure()
        #expect(bare.failure == .platformError && bare.error.contains("no GPU"))
    }
}
