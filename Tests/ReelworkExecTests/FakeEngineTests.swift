// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the fake engine, as the encoder of a real reelwork-exec.

import Glibc
import Testing

// Goal: the fake engine does what its input says, so that tests built on it test something.
// Method: symbolic links named ffmpeg and ffprobe, run through the helper as a worker does.
@Suite(.timeLimit(.minutes(1)))
struct FakeEngineTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        let program = try #require(Helper.programPath("reelwork-fake-engine"))
        for name in ["ffmpeg", "ffprobe"] {
            try #require(symlink(program, folder.path + "/" + name) == 0)
        }
    }

    private func run(_ arguments: [String]) throws -> (lines: [String], end: Report) {
        let helper = try Helper(
            options: ["--chdir", folder.path],
            ["./" + arguments[0]] + arguments.dropFirst()
        )
        _ = try helper.startedPid()
        return (helper.output.lines(), try Report(helper.report.line()))
    }

    private func encode(_ input: String) throws -> (lines: [String], end: Report) {
        _ = try folder.write("in", input)
        return try run([
            "ffmpeg", "-nostdin", "-y", "-progress", "pipe:1", "-i", "in", "-f", "mp4", "out",
        ])
    }

    @Test func anEncodeTellsItsProgressAndMakesAFilm() throws {
        let (lines, end) = try encode("fake MS=10 FRAMES=50 FPS=25")
        #expect(end.kind == "exit")
        #expect(end.number == 0)
        #expect(lines.filter { $0 == "progress=continue" }.count == 9)
        #expect(lines.last == "progress=end")
        #expect(lines.contains("out_time_us=2000000"))
        #expect(try folder.read("out").hasPrefix("fake-film frames=50 duration_us=2000000 "))
        let probe = try run([
            "ffprobe", "-show_format", "-show_streams", "-count_packets", "-of", "json", "out",
        ])
        #expect(probe.end.number == 0)
        let words = probe.lines.joined().filter { $0 != " " }
        #expect(words.contains("\"nb_read_packets\":\"50\""))
        #expect(words.contains("\"duration\":\"2.000000\",\"size\""))
    }

    @Test func halfAFilmPassesForAWholeOne() throws {
        let (_, end) = try encode("fake MS=1 FRAMES=50 TRUNCATE=1")
        #expect(end.number == 0)
        #expect(try folder.read("out").hasPrefix("fake-film frames=25 "))
    }

    @Test(arguments: [("EXIT=7", "exit", 7), ("CRASH=9", "signal", 9), ("SLIP=1", "exit", 1)])
    func aFailureIsMadeToMeasure(field: String, kind: String, number: Int) throws {
        let (_, end) = try encode("fake MS=1 \(field)")
        #expect(end.kind == kind)
        #expect(end.number == number)
        if field != "SLIP=1" {
            #expect(try folder.read("out") == "")
        }
    }

    // A stalled engine, deaf to TERM, that has left a process in a session of its own.
    @Test func aStalledEngineGoesWithItsAgent() throws {
        _ = try folder.write("in", "fake MS=1 STALL=1 IGNORETERM=1 GRANDCHILD=2")
        let helper = try Helper(
            options: ["--chdir", folder.path],
            environment: Helper.environment() + ["REELWORK_FAKE_LOG=" + folder.path + "/log"],
            ["./ffmpeg", "-y", "-progress", "pipe:1", "-i", "in", "-f", "mp4", "out"]
        )
        _ = try helper.startedPid()
        #expect(helper.output.line() == "frame=25")
        let log = try folder.read("log").split(separator: "\n").map { $0.split(separator: " ") }
        let grandchild = try #require(log.first { $0.first == "grandchild" })
        let ending = try Ending(of: try #require(pid_t(String(grandchild[1]))))
        helper.agentVanishes()
        let end = try Report(helper.report.line())
        #expect(end.number == Int(SIGKILL))
        #expect(ending.hasCome)
    }

    @Test func whatIsNoFilmIsNone() throws {
        let probe = try run(["ffprobe", "-of", "json", "-show_format", "/proc/self/status"])
        #expect(probe.end.number == 1)
        let trial = try run([
            "ffmpeg", "-f", "lavfi", "-i", "testsrc", "-frames:v", "1", "-c:v", "libx264", "-f",
            "null", "-",
        ])
        #expect(trial.end.number == 0)
    }
}
