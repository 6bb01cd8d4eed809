// SPDX-License-Identifier: Apache-2.0
// Reelwork: loops, drains, quarantine and cordons

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: the scheduler that is tested is the one that runs, and what it thinks of its workers
    /// holds for real ones.
    ///
    /// Method: the real commands; workers that are killed, and one whose encoder always fails.
    @Suite(.timeLimit(.minutes(1)))
    struct FleetTests {
        // Lesson 1: the scheduler that was documented was never started; the one that ran was
        // another.
        //
        // Events do the work, and the loops look after them: with all three stopped a job comes to
        // its end, also one that has to wait for its retry, and running loops find nothing amiss.
        @Test func theSchedulerThatRunsAssignsWithItsLoopsStoppedAndRunning() async throws {
            try await House.open { house in
                try await house.serve(settings: [
                    "loops.scheduling": "100ms", "loops.health": "100ms", "loops.cleanup": "100ms",
                    "retries.wait_first": "100ms",
                ])
                let (client, admin) = (try await house.client(), try await house.client(.admin))
                let early = try await house.submit(client, "fake MS=20", "early")
                for loop in ["scheduling", "health", "cleanup"] {
                    try await Self.set(loop, "stop", house)
                }
                let stopped = try await admin.loops()
                #expect(stopped.map(\.isRunning) == [false, false, false])
                try await house.worker("w1")
                try await house.wait(client, early, .completed)
                let failing = try await house.submit(client, "fake MS=20 EXIT=1", "again") {
                    $0.retries = 1
                }
                let view = try await house.wait(client, failing, .failed)
                #expect(view.attempt == AttemptNumber(2))
                #expect(try await admin.loops().map(\.runs) == stopped.map(\.runs), "one ran")

                try await Self.set("cleanup", "run", house)
                let once = try await admin.loops()
                #expect(zip(once, stopped).map { $0.runs - $1.runs } == [0, 0, 1])
                for loop in once.map(\.name) { try await Self.set(loop, "start", house) }
                let late = try await house.submit(client, "fake MS=300", "late")
                try await house.wait(client, late, .completed)
                let loops = try await eventually("turns of all loops") {
                    let loops = try await admin.loops()
                    return zip(loops, once).allSatisfy { $0.runs > $1.runs + 1 } ? loops : nil
                }
                #expect(loops.map(\.isRunning) == [true, true, true])
                #expect(loops.map(\.errors) == [0, 0, 0], "\(loops)")
                await client.close()
                await admin.close()
            }
        }

        private static func set(_ loop: String, _ action: String, _ house: House) async throws {
            let answer = try await house.reelwork(
                ["admin", "loop", loop, action, "--reason", "a test"]
            )
            #expect(answer.status == 0, "\(answer)")
        }

        private static func workers(_ house: House, _ words: [String]) async throws {
            let answer = try await house.reelwork(["workers"] + words + ["--reason", "a test"])
            #expect(answer.status == 0, "\(answer)")
        }

        @Test func aWorkerDrainedFromOutsideHandsBackAtItsDeadlineAndResumes() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=60000 IGNORETERM=1", "a")
                try await house.wait(client, number, .running)
                let encoder = try await eventually("an encoder") { house.fake.encoders.first }
                try house.write("fake MS=20", to: "a.in")
                try await house.worker("w2")
                try await Self.workers(house, ["drain", "w1", "--within", "1s"])
                let draining = try await client.workers()
                #expect(draining.filter(\.isDraining).map(\.name) == ["w1"])
                #expect(ProcessTable.isAlive(encoder), "it was not given its time")
                let view = try await house.wait(client, number, .completed)
                #expect(view.worker == "w2" && view.attempt == AttemptNumber(2))
                #expect(view.retryCount == 0, "it was counted as a failure")
                #expect(!ProcessTable.isAlive(encoder))
                HistoryLaw.expect(try await client.history(.number(number)), .completed, number)

                // Two at once: one has a worker, the other waits for the drained one.
                let first = try await house.submit(client, "fake MS=60000", "b")
                let second = try await house.submit(client, "fake MS=20", "c")
                try await house.wait(client, first, .running)
                #expect(try await client.job(.number(second)).state == .known(.queued))
                try await Self.workers(house, ["resume", "w1"])
                #expect(try await house.wait(client, second, .completed).worker == "w1")
                await client.close()
            }
        }

        @Test func aJobUnderWhichThreeAgentsDiedIsInQuarantine() async throws {
            try await House.open { house in
                let scheduler = try await house.serve(settings: ["retries.wait_first": "0s"])
                var workers: [String: ProgramRun] = [:]
                for index in 1...4 { workers["w\(index)"] = try await house.worker("w\(index)") }
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=60000") { $0.retries = 10 }
                var dead: [String] = []
                for attempt in 1...3 as ClosedRange<UInt32> {
                    let view = try await eventually("attempt \(attempt)") {
                        let view = try await client.job(.number(number))
                        let isIt = view.attempt == AttemptNumber(attempt)
                        return isIt && view.state == .known(.running) ? view : nil
                    }
                    dead.append(view.worker)
                    try await workers[view.worker]?.kill9()
                }
                #expect(Set(dead).count == 3, "\(dead)")
                let view = try await house.wait(client, number, .failed)
                #expect(view.attempt == AttemptNumber(3) && view.failure == .known(.platformError))
                let words = view.error ?? ""
                #expect(words.contains("quarantined: 3 agents died"), "\(words)")
                for name in dead { #expect(words.contains(name), "\(words)") }
                HistoryLaw.expect(try await client.history(.number(number)), .failed, number)
                #expect(scheduler.errors.contains("quarantined"))
                // The one that is left is spared, and of use.
                let next = try await house.submit(client, "fake MS=20", "next")
                try await house.wait(client, next, .completed)
                await client.close()
            }
        }

        // The worker's encoder finds no room, and the other's does. Jobs prefer the bad one.
        @Test func aWorkerThatFailsWhatAnotherFinishesIsCordonedUntilItIsResumed() async throws {
            try await House.open { house in
                try await house.serve(settings: ["retries.wait_first": "0s"])
                try await house.worker(
                    "bad",
                    ["--label", "kind=bad"],
                    environment: ["PATH": try Self.brokenEngine(house)]
                )
                try await house.worker("good")
                let client = try await house.client()
                func run(_ name: String) async throws -> JobView {
                    let number = try await house.submit(client, "fake MS=20", name) {
                        $0.prefer = [Label(name: "kind", value: "bad")]
                    }
                    return try await house.wait(client, number, .completed)
                }
                for index in 1...3 {
                    #expect(try await client.workers().allSatisfy { $0.cordoned == nil })
                    let view = try await run("\(index)")
                    #expect(view.worker == "good" && view.attempt == AttemptNumber(2))
                }
                let bad = try await client.workers(named: "bad").first
                let why = try #require(bad?.cordoned)
                #expect(why.contains("3 jobs in a row") && why.contains("good"), "\(why)")
                let list = try await house.reelwork(["workers", "show", "bad"])
                #expect(list.output.contains("3 jobs in a row"), "\(list)")
                let spared = try await run("spared")
                #expect(spared.worker == "good" && spared.attempt == AttemptNumber(1))

                try await Self.workers(house, ["resume", "bad"])
                #expect(try await client.workers().allSatisfy { $0.cordoned == nil })
                #expect(try await run("resumed").attempt == AttemptNumber(2))
                await client.close()
            }
        }

        /// A folder with an FFmpeg that passes every probe and fails every encode.
        private static func brokenEngine(_ house: House) throws -> String {
            let folder = house.path + "/broken"
            let files = FileManager.default
            try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try files.createSymbolicLink(
                atPath: folder + "/ffprobe",
                withDestinationPath: house.path + "/bin/ffprobe"
            )
            let script = """
                #!/bin/sh
                case " $* " in
                *" -progress "*) echo "film.mp4: No space left on device" >&2; exit 1 ;;
                esac
                exec \(house.path)/bin/ffmpeg "$@"
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: folder + "/ffmpeg"))
            try #require(chmod(folder + "/ffmpeg", 0o755) == 0)
            return folder
        }
    }
}
