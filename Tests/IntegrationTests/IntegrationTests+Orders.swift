// SPDX-License-Identifier: Apache-2.0
// Reelwork: what people order: retries, bumps, pauses, drains, loops

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: each order does what its help says, and a mistake is told by the state that it met.
    ///
    /// Method: the commands against a scheduler and workers with the fake engine; one good use and
    /// one mistake each.
    @Suite(.timeLimit(.minutes(1)))
    struct OrderTests {
        @Test func anEndedJobIsRetriedAsANewOneAndARunningOneIsNot() async throws {
            try await House.open { house in
                try await house.serve()
                let client = try await house.client()
                let bad = try await house.submit(client, "no film at all", "a")
                let long = try await house.submit(client, "fake MS=60000", "b")
                try await house.worker("w1")
                try await house.wait(client, bad, .failed)
                try await house.wait(client, long, .running)
                let running = try await house.reelwork(["job", "retry", "2"])
                #expect(running.status == 1 && running.output.isEmpty, "\(running)")
                #expect(running.errors.contains("job #2 is running; only a job that has ended can"))

                try house.write("fake MS=5", to: "a.in")
                _ = try await house.reelwork(["job", "cancel", "2"])
                let retry = try await house.reelwork([
                    "job", "retry", "1", "--reason", "the film is there", "--wait",
                ])
                #expect(retry.status == 0, "\(retry)")
                #expect(retry.output.hasPrefix("#3  retry of #1\n"), "\(retry)")
                try await house.wait(client, JobNumber(3), .completed)
                #expect(house.read("a.mp4")?.hasPrefix("fake-film ") == true)
                #expect(try await client.job(.number(bad)).state == .known(.failed))
                let history = try await house.reelwork(["job", "history", "3"])
                #expect(history.output.contains("Retry of job #1: the film is there"), "\(history)")
                let json = try await house.reelwork(["job", "retry", "99", "--json"])
                #expect(json.status == 1, "\(json)")
                #expect(json.output.hasPrefix(#"{"number":null,"retry_of":99,"#), "\(json)")
                await client.close()
            }
        }

        @Test func aBumpedJobIsNextAndOneThatWaitsForItsTimeIsNotBumped() async throws {
            try await House.open { house in
                try await house.serve()
                let client = try await house.client()
                for name in ["a", "b", "c"] {
                    _ = try await house.submit(client, "fake MS=5", name)
                }
                let late = try await house.reelwork([
                    "submit", "--engine", "ffmpeg", "--not-before", "1h", "--input",
                    "\(house.media)/a.in", "--output", "\(house.media)/late.mp4",
                ])
                #expect(late.status == 0, "\(late)")
                let refused = try await house.reelwork(["job", "bump", "4"])
                #expect(refused.status == 1 && refused.output.isEmpty, "\(refused)")
                #expect(refused.errors.contains("job #4 is queued and not due for 59m"))

                let bump = try await house.reelwork([
                    "job", "bump", "3", "--reason", "the premiere is tonight",
                ])
                #expect(bump.status == 0, "\(bump)")
                #expect(bump.output == "#3  first of its tenant\n")
                let why = try await house.reelwork(["job", "why", "3"])
                #expect(why.output.contains("place   the next of its tenant's"), "\(why)")
                try await house.worker("w1")
                var started: [Timestamp] = []
                for number in 1...3 {
                    let job = JobNumber(UInt64(number))
                    let view = try await house.wait(client, job, .completed)
                    started.append(try #require(view.started))
                }
                #expect(started.min() == started[2] && started[2] < started[0], "\(started)")
                let over = try await house.reelwork(["job", "bump", "3"])
                #expect(over.errors.contains("job #3 is completed; only a queued one"), "\(over)")
                await client.close()
            }
        }

        @Test func nothingOfAPausedQueueStartsUntilItIsResumed() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let pause = ["queue", "pause", "default", "--reason", "the disk fills"]
                let paused = try await house.reelwork(pause)
                #expect(paused.status == 0 && paused.output == "default  paused\n", "\(paused)")
                // Asked again it is the same.
                #expect(try await house.reelwork(pause).output == paused.output)
                let number = try await house.submit(client, "fake MS=5")
                let live = try await house.reelwork([
                    "submit", "--engine", "ffmpeg", "--queue", "live", "--wait", "--input",
                    "\(house.media)/film.in", "--output", "\(house.media)/live.mp4",
                ])
                #expect(live.status == 0, "\(live)")
                #expect(try await client.job(.number(number)).state == .known(.queued))
                let why = try await house.reelwork(["job", "why", "\(number.rawValue)"])
                #expect(why.output.contains("why     queue default is paused"), "\(why)")
                let wrong = try await house.reelwork(["queue", "pause", "defualt"])
                #expect(wrong.status == 2 && wrong.errors.contains("default"), "\(wrong)")

                let resumed = try await house.reelwork([
                    "queue", "resume", "default", "--reason", "it is empty", "--json",
                ])
                #expect(resumed.output == #"{"queue":"default","paused":false}"# + "\n")
                try await house.wait(client, number, .completed)
                await client.close()
            }
        }

        @Test func aDrainedWorkerGetsNothingUntilItIsResumed() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let held = try await house.submit(client, "fake MS=60000", "a")
                try await house.wait(client, held, .running)
                let unknown = try await house.reelwork([
                    "workers", "drain", "w2", "--reason", "new disks",
                ])
                #expect(unknown.status == 1 && unknown.output.isEmpty, "\(unknown)")
                #expect(unknown.errors.contains("there is no worker w2"), "\(unknown)")
                #expect(unknown.errors.contains("w1"), "\(unknown)")
                let alive = try await house.reelwork([
                    "workers", "remove", "w1", "--reason", "old",
                ])
                #expect(alive.status == 1, "\(alive)")
                #expect(alive.errors.contains("it is alive and holds 1 jobs"), "\(alive)")
                #expect(try await client.job(.number(held)).state == .known(.running))

                let drain = try await house.reelwork([
                    "workers", "drain", "w1", "--within", "1s", "--reason", "new disks",
                ])
                #expect(
                    drain.output == "w1  draining; it still holds 1 job, handed back after 1s\n"
                )
                // What it had is handed back, and waits.
                try await house.wait(client, held, .queued)
                let why = try await house.reelwork(["job", "why", "\(held.rawValue)"])
                #expect(why.output.contains("why     w1 is draining"), "\(why)")
                let resume = try await house.reelwork([
                    "workers", "resume", "w1", "--reason", "they are in",
                ])
                #expect(resume.output == "w1  resumed\n", "\(resume)")
                try await house.wait(client, held, .running)
                await client.close()
            }
        }

        @Test func aDeadWorkerIsRemovedAndItsJobGoesOnElsewhere() async throws {
            try await House.open { house in
                try await house.serve(lease: "60s")
                let worker = try await house.worker("w1")
                let client = try await house.client()
                let held = try await house.submit(client, "fake MS=300", "a")
                try await house.wait(client, held, .running)
                worker.signal(SIGSTOP)
                worker.signal(SIGKILL)
                _ = try await worker.end()
                let remove = try await house.reelwork([
                    "workers", "remove", "w1", "--reason", "it burnt", "--json",
                ])
                #expect(remove.status == 0, "\(remove)")
                #expect(remove.output.hasPrefix(#"{"worker":"w1","action":"remove","open":0}"#))
                let list = try await house.reelwork(["workers"])
                #expect(list.output.hasPrefix("no workers yet"), "\(list)")
                try await house.worker("w2")
                try await house.wait(client, held, .completed)
                await client.close()
            }
        }

        @Test func aLoopIsStoppedRunAndStarted() async throws {
            try await House.open { house in
                try await house.serve()
                func loop(_ words: String...) async throws -> House.Answer {
                    try await house.reelwork(["admin", "loop"] + words + ["--reason", "test"])
                }
                let stop = try await loop("cleanup", "stop")
                #expect(stop.status == 0 && stop.output == "cleanup  stopped\n", "\(stop)")
                let loops = try await house.reelwork(["admin", "loops", "--json"])
                let line = loops.output.split(separator: "\n").first { $0.contains("cleanup") }
                #expect(line?.contains(#""running":false"#) == true, "\(loops)")
                let run = try await loop("cleanup", "run", "--json")
                #expect(run.output == #"{"loop":"cleanup","action":"run"}"# + "\n", "\(run)")
                let start = try await loop("cleanup", "start")
                #expect(start.output == "cleanup  runs\n", "\(start)")
                let wrong = try await loop("clean", "run")
                #expect(wrong.status == 1 && wrong.output.isEmpty, "\(wrong)")
                #expect(wrong.errors.contains("there is no loop clean"), "\(wrong)")
                #expect(wrong.errors.contains("cleanup"), "\(wrong)")
                let silent = try await house.reelwork(["admin", "loop", "cleanup", "run"])
                #expect(silent.status == 2 && silent.errors.contains("--reason"), "\(silent)")
            }
        }
    }
}
