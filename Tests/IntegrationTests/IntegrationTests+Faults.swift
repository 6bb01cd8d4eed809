// SPDX-License-Identifier: Apache-2.0
// Reelwork: encoders that hang, limits that are passed, a database that is locked

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: what stands still is noticed in its time and its slot is free again; what advances is
    /// let be; and what a lock held up goes on by itself.
    ///
    /// Method: an encoder that hangs, workers that do what the test says, a second process that
    /// holds the database; with short times in the scheduler's settings.
    @Suite(.timeLimit(.minutes(1)))
    struct FaultTests {
        // Lesson 27: a hung pipeline counted as success. Seed: HeartbeatTimeout.
        //
        // The encoder stops half way, ignores TERM, and has left a process behind. The only slot is
        // its own, so that the second attempt shows that it is free.
        @Test func aHungEncoderIsTimedOutItsGroupKilledAndItsSlotFree() async throws {
            try await House.open { house in
                try await house.serve(settings: [
                    "jobs.stall_window": "1s", "jobs.stall_startup": "0s",
                    "retries.wait_first": "0s",
                ])
                try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(
                    client,
                    "fake MS=50 STALL=1 IGNORETERM=1 GRANDCHILD=1"
                )
                let left = try await eventually("the encoder's child") {
                    house.fake.grandchildren.first
                }
                let group = try #require(ProcessTable.groupOf(left))
                let hung = try #require(house.fake.encoders.first)
                try await house.wait(client, number, .running)
                try house.write("fake MS=20", to: "film.in")
                let second = try await eventually("the second encoder") {
                    house.fake.encoders.dropFirst().first
                }
                // One slot: what had it before is gone.
                #expect(!ProcessTable.isAlive(hung) && ProcessTable.group(group).isEmpty)
                let view = try await house.wait(client, number, .completed)
                #expect(view.attempt == AttemptNumber(2) && view.retryCount == 1)
                #expect(house.fake.encoders == [hung, second])
                #expect(house.read("film.mp4")?.contains(" pid=\(second) ") == true)
                #expect(house.names == ["film.in", "film.mp4"], "something is left behind")

                let moves = try await client.history(.number(number))
                HistoryLaw.expect(moves, .completed, number)
                #expect(
                    moves.map(\.to.value) == [
                        .queued, .assigned, .running, .timedOut, .retrying, .queued, .assigned,
                        .running, .completed,
                    ]
                )
                let end = try #require(moves.first { $0.to == .known(.timedOut) })
                #expect(end.failure == .known(.timeout))
                #expect(end.reason.contains("no media progress"), "\(end)")
                // Progress is told every second, and the window is one.
                let began = try #require(moves.first { $0.to == .known(.running) })
                let took = end.at.since(began.at)
                TestNote.say("hung encoder: timed out after \(took)")
                #expect(took >= .seconds(1) && took < .seconds(3))
                await client.close()
            }
        }

        // Lesson 7: a healthy encode longer than its time was failed, and a second copy begun.
        //
        // The worker of the test names no limit, so it has the scheduler's, of 1 s: one of its jobs
        // advances, the other stands still. The real worker beside it is idle, and would begin a
        // second copy at once.
        @Test func anEncodePastItsLimitThatAdvancesIsLetBeAndHasNoSecondCopy() async throws {
            try await House.open { house in
                let scheduler = try await house.serve(
                    lease: "30s",
                    settings: ["jobs.run_max": "1s", "jobs.stall_window": "1s"]
                )
                let worker = try await WireWorker.open(house, "w1", slots: 2)
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=20", "a")
                let advances = try #require(try await worker.assignments().first)
                let still = try await house.submit(client, "fake MS=20", "b") { $0.retries = 0 }
                let stands = try #require(try await worker.assignments().first)
                try await house.worker("w2")
                for one in [advances, stands] {
                    try await worker.report(one, .started(ReportItem.Start()))
                }
                var media = 0
                try await eventually("the second extension") {
                    media += 1
                    worker.progress(advances, media: .milliseconds(media))
                    let view = try await client.job(.number(number))
                    guard view.state == .known(.running), view.attempt == AttemptNumber(1) else {
                        throw Surprise("it was not let be: \(view)")
                    }
                    return scheduler.errors.components(separatedBy: "past its deadline").count > 2
                }
                let revocation = try await worker.revocation()
                #expect(revocation.number == still && revocation.because == .known(.timedOut))
                let answer = try await worker.report(
                    advances,
                    .finished(nil, ReportItem.Finish(hasNoFile: true))
                )
                #expect(answer.code == .known(.ok), "\(answer)")
                let view = try await house.wait(client, number, .completed)
                #expect(view.attempt == AttemptNumber(1) && view.retryCount == 0)
                #expect(house.fake.encoders.isEmpty, "a second copy was begun")
                try await house.wait(client, still, .failed)
                await client.close()
                await worker.close()
            }
        }

        // A worker that is given a job and never says that it has begun.
        @Test func aJobThatIsNeverStartedIsTakenBackAndRunsElsewhere() async throws {
            try await House.open { house in
                try await house.serve(
                    lease: "30s",
                    settings: ["jobs.assigned_max": "1s", "retries.wait_first": "0s"]
                )
                let worker = try await WireWorker.open(house, "w1")
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=20")
                let assignment = try #require(try await worker.assignments().first)
                try await house.worker("w2")
                let revocation = try await worker.revocation()
                #expect(revocation.number == number && revocation.because == .known(.timedOut))
                let view = try await house.wait(client, number, .completed)
                #expect(view.worker == "w2" && view.attempt == AttemptNumber(2))
                #expect(view.retryCount == 1)
                let moves = try await client.history(.number(number))
                HistoryLaw.expect(moves, .completed, number)
                let end = try #require(moves.first { $0.to == .known(.timedOut) })
                #expect(end.from == .known(.assigned), "\(end)")
                #expect(end.reason.contains("no start within 1s"), "\(end)")
                // Whoever wakes up now is too late.
                let late = try await worker.report(assignment, .started(ReportItem.Start()))
                #expect(late.code == .known(.staleAttempt), "\(late)")
                await client.close()
                await worker.close()
            }
        }

        // Another process writes, and lets go after the scheduler has given up waiting.
        @Test func aLockedDatabaseIsSaidWithinElevenSecondsAndEndsByItself() async throws {
            try await House.open { house in
                let scheduler = try await house.serve(lease: "3s")
                try await house.worker("w1")
                let client = try await house.client()
                let running = try await house.submit(client, "fake MS=1500", "a")
                try await house.wait(client, running, .running)
                let lock = try house.startProgram(
                    "/usr/bin/env",
                    ["python3", "-u", "-c", Self.locker, house.data + "/reelwork.db"],
                    name: "locker",
                    engines: .real
                )
                try await eventually("the lock") { lock.output.contains("locked") }
                let start = ContinuousClock.now
                try house.write("fake MS=20", to: "b.in")
                let files = ["--input", "\(house.media)/b.in", "--output", "\(house.media)/b.mp4"]
                let first = try house.start(["submit", "--wait"] + files, name: "first")
                try await eventually("the word of the scheduler", within: .seconds(15)) {
                    scheduler.errors.contains("locked")
                }
                let took = start.duration(to: .now)
                // Whoever comes now hears it at once; whoever waits for the commit goes on waiting.
                let other = ["--input", "\(house.media)/b.in", "--output", "\(house.media)/c.mp4"]
                let refused = try await house.reelwork(
                    ["submit", "--answer-within", "1s"] + other
                )
                TestNote.say("locked database: said after \(took)")
                #expect(took < .seconds(11))
                #expect(refused.status != 0, "\(refused)")
                #expect(refused.errors.contains("locked"), "\(refused)")
                #expect(first.ending == nil, "\(first.output)\(first.errors)")
                // Who only looks is answered, and nobody is dead.
                #expect(try await client.job(.number(running)).state == .known(.running))
                #expect(try await client.workers().map(\.state) == [.known(.alive)])
                lock.signal(SIGTERM)
                #expect(try await first.end() == .exited(0), "\(first.output)\(first.errors)")
                let view = try await house.wait(client, running, .completed)
                #expect(view.attempt == AttemptNumber(1) && view.retryCount == 0)
                #expect(house.fake.encoders.count == 2)
                #expect(scheduler.ending == nil)
                let check = try await house.reelwork(["admin", "check", "--deep"])
                #expect(check.status == 0, "\(check)")
                await client.close()
            }
        }

        private static let locker = """
            import signal, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute("BEGIN IMMEDIATE")
            print("locked")
            signal.pause()
            """
    }
}
