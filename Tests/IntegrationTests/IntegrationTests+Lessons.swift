// SPDX-License-Identifier: Apache-2.0
// Reelwork: what went wrong elsewhere

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: what went wrong in the system that this one follows has the opposite result here.
    ///
    /// Method: each mistake is provoked once, with the real programs. Those that take more than a
    /// few lines are with the faults, the spool and the fleet.
    @Suite(.timeLimit(.minutes(1)))
    struct LessonTests {
        // Lesson 9: a job for a GPU that came before its worker had registered was rejected for
        // good.
        @Test func aJobThatNoOneFitsWaitsForAWorkerThatJoinsWithinTheGrace() async throws {
            try await House.open { house in
                try await house.serve(settings: [
                    "jobs.capability_grace": "30s", "loops.cleanup": "100ms",
                ])
                try await house.worker("w1")
                let (client, admin) = (try await house.client(), try await house.client(.admin))
                let number = try await house.submit(client, "fake MS=20") {
                    $0.require = [Label(name: "gpu", value: "yes")]
                }
                let before = try await Self.turns(admin)
                try await eventually("turns of the cleanup") {
                    try await Self.turns(admin) >= before + 3
                }
                #expect(try await client.job(.number(number)).state == .known(.queued))
                try await house.worker("w2", ["--label", "gpu=yes"])
                let view = try await house.wait(client, number, .completed)
                #expect(view.worker == "w2" && view.attempt == AttemptNumber(1))
                await client.close()
                await admin.close()
            }
        }

        // Lesson 9, the other side: what nobody comes for is not waited for without end.
        @Test func aJobThatNoOneFitsIsRejectedAfterTheGrace() async throws {
            try await House.open { house in
                try await house.serve(settings: [
                    "jobs.capability_grace": "1s", "loops.cleanup": "100ms",
                ])
                try await house.worker("w1")
                try house.write("fake MS=20", to: "film.in")
                let answer = try await house.reelwork([
                    "submit", "--wait", "--require", "gpu=yes", "--input",
                    "\(house.media)/film.in", "--output", "\(house.media)/film.mp4",
                ])
                #expect(answer.status == 5, "\(answer)")
                let client = try await house.client()
                let moves = try await client.history(.number(JobNumber(1)))
                HistoryLaw.expect(moves, .rejected, JobNumber(1))
                let (first, last) = (try #require(moves.first), try #require(moves.last))
                let took = last.at.since(first.at)
                #expect(took >= .milliseconds(999) && took < .seconds(2), "\(took)")
                #expect(last.failure == .known(.capabilityMismatch))
                await client.close()
            }
        }

        private static func turns(_ admin: ReelworkClient) async throws -> UInt64 {
            try await admin.loops().first { $0.name == "cleanup" }?.runs ?? 0
        }

        // Lesson 19: an id that begins with digits was taken for a job's number, and the cancel hit
        // somebody else's job.
        @Test func aCancelByAnIdThatBeginsWithDigitsHitsNoOtherJob() async throws {
            try await House.open { house in
                try await house.serve()
                let client = try await house.client()
                let other = try await house.submit(client, "fake", "other")
                let number = try await house.submit(client, "fake", "own")
                #expect(other == JobNumber(1))
                let id = "\(try await client.job(.number(number)).id)"
                let unknown = "00000001-0000-7000-8000-000000000000"
                for (name, status, words) in [
                    (unknown, 1, "no such job"), ("1abc", 2, "whole id"),
                    (String(id.prefix(8)) + "z", 2, "whole id"),
                ] as [(String, Int32, String)] {
                    let answer = try await house.reelwork(["job", "cancel", name])
                    #expect(answer.status == status, "\(name): \(answer)")
                    #expect(answer.errors.contains(words), "\(name): \(answer)")
                }
                let answer = try await house.reelwork(["job", "cancel", id])
                #expect(answer.status == 0, "\(answer)")
                #expect(try await client.job(.number(other)).state == .known(.queued))
                #expect(try await client.job(.number(number)).state == .known(.canceled))
                await client.close()
            }
        }

        // Lesson 26: TERM handed nothing back.
        @Test func aDrainThatIsOverHandsTheJobBackUncounted() async throws {
            try await House.open { house in
                try await house.serve()
                let worker = try await house.worker("w1", ["--drain-timeout", "1s"])
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=60000 IGNORETERM=1")
                try await house.wait(client, number, .running)
                let encoder = try await eventually("an encoder") { house.fake.encoders.first }
                try house.write("fake MS=20", to: "film.in")
                let start = ContinuousClock.now
                worker.signal(SIGTERM)
                #expect(try await worker.end() == .exited(0), "\(worker.errors)")
                let took = start.duration(to: .now)
                #expect(took >= .seconds(1) && took < .seconds(4), "\(took)")
                #expect(!ProcessTable.isAlive(encoder))
                #expect(house.names == ["film.in"], "something is left behind")
                #expect(try await client.job(.number(number)).state == .known(.queued))
                try await house.worker("w2")
                let view = try await house.wait(client, number, .completed)
                #expect(view.worker == "w2" && view.attempt == AttemptNumber(2))
                #expect(view.retryCount == 0, "it was counted as a failure")
                let moves = try await client.history(.number(number))
                HistoryLaw.expect(moves, .completed, number)
                let back = moves.first { $0.to == .known(.retrying) }
                #expect(back?.reason.contains("Handed back") == true, "\(moves)")
                await client.close()
            }
        }

        // Lesson 28: success was exit code 0, and a truncated film passed.
        @Test func aTruncatedFilmIsNoSuccess() async throws {
            try await House.open { house in
                try await house.serve(settings: ["retries.wait_first": "0s"])
                try await house.worker("w1")
                let client = try await house.client()
                try house.write("of somebody else", to: "film.mp4")
                let number = try await house.submit(
                    client,
                    "fake MS=20 TRUNCATE=1",
                    overwrite: true
                ) { $0.retries = 1 }
                let view = try await house.wait(client, number, .failed)
                let encoders = house.fake.encoders
                #expect(encoders.count == 2 && view.attempt == AttemptNumber(2))
                #expect(encoders.map { house.fake.exitCode($0) } == [0, 0])
                let words = view.error ?? ""
                #expect(words.contains("5") && words.contains("10"), "no lengths in: \(words)")
                #expect(house.read("film.mp4") == "of somebody else")
                #expect(house.names == ["film.in", "film.mp4"], "something is left behind")
                await client.close()
            }
        }

        // Lesson 29: what the child says grew in memory without bound.
        @Test func whatAnEncoderSaysCostsNoMemory() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                let worker = try await house.worker("w1")
                let client = try await house.client()
                // The same job without a word has taken all that a job takes.
                let quiet = try await house.submit(client, "fake MS=20", "quiet")
                try await house.wait(client, quiet, .completed)
                let before = try [worker, scheduler].map {
                    try #require(ProcessTable.memoryPeak($0.pid))
                }
                let loud = try await house.submit(client, "fake MS=20 NOISE=96", "loud")
                try await house.wait(client, loud, .completed)
                let after = try [worker, scheduler].map {
                    try #require(ProcessTable.memoryPeak($0.pid))
                }
                let grown = zip(before, after).map { ($1 - $0) / 1_024 }
                TestNote.say("96 MiB of an encoder's log: memory grew by \(grown) MiB")
                #expect(grown.allSatisfy { $0 < 24 }, "\(grown) MiB")
                let log = try await house.reelwork(["job", "log", "\(loud)"])
                #expect(log.status == 0 && log.output.contains("every single frame"))
                #expect(log.output.utf8.count <= Limits.logTailBytesMax + 1_024)
                await client.close()
            }
        }

        // Lesson 30: a job without an input "succeeded" on a test pattern.
        @Test func aJobWithoutAnInputIsRefusedWhereverItComesFrom() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let output = "\(house.media)/film.mp4"
                let none = try await house.reelwork(["submit", "--output", output])
                #expect(none.status == 2 && none.errors.contains("--input"), "\(none)")
                let empty = try await house.reelwork(["submit", "--input", "", "--output", output])
                #expect(empty.status != 0 && !empty.errors.isEmpty, "\(empty)")
                try house.write(#"{"output": "film.mp4"}"#, to: "jobs.jsonl")
                let file = try await house.reelwork(
                    ["submit", "--from", "jobs.jsonl"],
                    in: house.media
                )
                #expect(file.status == 2 && file.errors.contains("`input` is missing"), "\(file)")
                let client = try await house.client()
                for engine in ["ffmpeg", "auto"] {
                    let spec = JobSpec(engine: engine, input: "", output: output)
                    let result = try #require(try await client.submit([Submission(spec)]).first)
                    #expect(result.code == .known(.invalidArgument), "\(result)")
                    #expect(result.detail?.contains("input") == true, "\(result)")
                }
                #expect(try await client.jobs().jobs.isEmpty)
                #expect(house.fake.encoders.isEmpty && house.read("film.mp4") == nil)
                await client.close()
            }
        }

        // Lesson 31: an unknown worker heartbeated into an error for ever. This one is removed
        // while it lives, and then finds a scheduler that has lost all that it knew.
        @Test func aWorkerThatNobodyKnowsRegistersAnewAndIsOfUse() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                let worker = try await house.worker("w1")
                let client = try await house.client()
                func registrations() -> Int {
                    worker.errors.components(separatedBy: "Registered as w1").count - 1
                }
                let remove = try await house.reelwork(
                    ["workers", "remove", "w1", "--reason", "a test"]
                )
                #expect(remove.status == 0, "\(remove)")
                try await eventually("the second registration") { registrations() == 2 }
                let first = try await house.submit(client, "fake MS=20", "first")
                #expect(try await house.wait(client, first, .completed).worker == "w1")
                await client.close()

                try await scheduler.kill9()
                try FileManager.default.removeItem(atPath: house.data)
                try await house.serve()
                try await eventually("the third registration") { registrations() == 3 }
                let again = try await house.client()
                let second = try await house.submit(again, "fake MS=20", "second")
                #expect(try await house.wait(again, second, .completed).worker == "w1")
                #expect(worker.ending == nil)
                await again.close()
            }
        }

        // Lesson 35: a submitter could name any path on the worker.
        @Test func aWorkerWithARootTouchesNothingOutside() async throws {
            try await House.open { house in
                try await house.serve()
                let (root, outside) = (house.path + "/root", house.media)
                let files = FileManager.default
                try files.createDirectory(atPath: root, withIntermediateDirectories: false)
                try files.createSymbolicLink(
                    atPath: root + "/door",
                    withDestinationPath: outside
                )
                try files.createSymbolicLink(
                    atPath: root + "/link.in",
                    withDestinationPath: outside + "/film.in"
                )
                try house.write("fake MS=20", to: "film.in")
                try files.copyItem(atPath: outside + "/film.in", toPath: root + "/film.in")
                try await house.worker("w1", ["--root", root])
                let client = try await house.client()
                let (input, output) = (root + "/film.in", root + "/film.mp4")
                for (from, to, role) in [
                    (outside + "/film.in", output, "input"),
                    (root + "/../media/film.in", output, "input"),
                    (root + "/link.in", output, "input"), (root + "/door/film.in", output, "input"),
                    (input, outside + "/film.mp4", "output"),
                    (input, root + "/../media/film.mp4", "output"),
                    (input, root + "/door/film.mp4", "output"),
                    // Named like the root, and not in it.
                    (input, root + "er/film.mp4", "output"),
                ] {
                    try? files.createDirectory(
                        atPath: root + "er",
                        withIntermediateDirectories: false
                    )
                    let spec = JobSpec(engine: "ffmpeg", input: from, output: to)
                    let result = try #require(try await client.submit([Submission(spec)]).first)
                    let view = try await house.wait(client, result.number, .failed)
                    #expect(view.failure == .known(.userError), "\(from) to \(to)")
                    #expect(view.attempt == AttemptNumber(1) && view.retryCount == 0)
                    let words = view.error ?? ""
                    #expect(words.contains(role) && words.contains("--root"), "\(words)")
                }
                #expect(house.fake.encoders.isEmpty, "an encoder was begun")
                #expect(house.names == ["film.in"], "something was made outside")
                let spec = JobSpec(engine: "ffmpeg", input: input, output: output)
                let good = try #require(try await client.submit([Submission(spec)]).first)
                try await house.wait(client, good.number, .completed)
                await client.close()
            }
        }
    }
}
