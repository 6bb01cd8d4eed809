// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker is killed, or sleeps

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: the job of a dead worker runs again elsewhere, and whatever the dead one left does no
    /// harm.
    ///
    /// Method: SIGKILL and SIGSTOP; inotify counts the publications.
    @Suite
    struct WorkerDeathTests {
        // Seed: chaos test 1, a worker that crashes in the middle of a job.
        //
        // The input is changed before the kill: the second attempt is to be short.
        @Test(.timeLimit(.minutes(1)))
        func aKilledWorkersJobIsRetryingWithinASecondAndRunsAgainElsewhere() async throws {
            try await House.open { house in
                try await house.serve(lease: "15s")
                let workers = [
                    "w1": try await house.worker("w1"), "w2": try await house.worker("w2"),
                ]
                let client = try await house.client()
                let watch = try FolderWatch(house.media)
                let number = try await house.submit(client, "fake MS=60000 GRANDCHILD=1")
                let held = try await house.wait(client, number, .running)
                let encoder = try await eventually("an encoder") { house.fake.encoders.first }
                let left = try await eventually("its child") { house.fake.grandchildren.first }
                #expect(house.parts == [".reelwork-\(held.id)-1.part"])
                try house.write("fake MS=20", to: "film.in")
                let victim = try #require(workers[held.worker])
                #expect(ProcessTable.isAlive(encoder) && ProcessTable.isAlive(left))

                let killed = ContinuousClock.now
                victim.signal(SIGKILL)
                let retrying = Task { try await Self.instant(of: .retrying, number, client) }
                let gone = Task {
                    try await eventually("the encoder's end", within: .seconds(5)) {
                        !ProcessTable.isAlive(encoder) && !ProcessTable.isAlive(left)
                    }
                    return ContinuousClock.now
                }
                let noticed = killed.duration(to: try await retrying.value)
                let buried = killed.duration(to: try await gone.value)
                TestNote.say(
                    "worker killed: retrying after \(noticed), encoder dead after \(buried)"
                )
                #expect(noticed < .seconds(1))
                #expect(buried < .seconds(1))

                let view = try await house.wait(client, number, .completed)
                #expect(view.worker != held.worker)
                #expect(view.attempt == AttemptNumber(2))
                #expect(view.retryCount == 1)
                #expect(house.names == ["film.in", "film.mp4"], "something is left behind")
                #expect(watch.movedIn().filter { $0 == "film.mp4" }.count == 1)
                #expect(house.read("film.mp4")?.hasPrefix("fake-film frames=250 ") == true)
                HistoryLaw.expect(try await client.history(.number(number)), .completed, number)
                await client.close()
            }
        }

        /// When a worker that was stopped goes on.
        enum Waking: CaseIterable {
            /// While the second attempt encodes.
            case during
            /// After the second attempt has published.
            case after
        }

        // The encoder of a stopped worker goes on and ends its part: when the worker wakes, it has
        // a whole film that it may not publish. One job may replace a file, the other may not.
        @Test(.timeLimit(.minutes(1)), arguments: Waking.allCases)
        func aWorkerThatSleptPastItsLeasePublishesNothing(_ waking: Waking) async throws {
            try await House.open { house in
                try await house.serve(lease: "2s", ["--heartbeat", "500ms"])
                let sleeper = try await house.worker("w1", slots: 2)
                let client = try await house.client()
                try house.write("of somebody else", to: "b.mp4")
                let watch = try FolderWatch(house.media)
                let plain = try await house.submit(client, "fake MS=1500", "a")
                let over = try await house.submit(client, "fake MS=1500", "b", overwrite: true)
                for number in [plain, over] { try await house.wait(client, number, .running) }
                try await eventually("both encoders") { house.fake.encoders.count == 2 }
                let first = house.fake.encoders
                sleeper.signal(SIGSTOP)
                try await house.worker("w2", slots: 2)
                let second = try await eventually("the second encoders") {
                    house.fake.encoders.count == 4 ? house.fake.encoders.suffix(2) : nil
                }
                #expect(first.allSatisfy { house.fake.exitCode($0) == 0 }, "a part is not whole")
                if waking == .during { sleeper.signal(SIGCONT) }
                for number in [plain, over] {
                    let view = try await house.wait(client, number, .completed)
                    #expect(view.worker == "w2")
                    #expect(view.attempt == AttemptNumber(2))
                }
                let films = [house.read("a.mp4"), house.read("b.mp4")]
                if waking == .after { sleeper.signal(SIGCONT) }
                // It has let go when its folders are gone and it was registered anew.
                try await eventually("the sleeper's new registration") {
                    sleeper.errors.components(separatedBy: "Registered as w1").count >= 3
                }
                try await eventually("the sleeper lets go") { house.attempts("w1").isEmpty }
                #expect([house.read("a.mp4"), house.read("b.mp4")] == films, "a film was replaced")
                for film in films {
                    #expect(film?.hasPrefix("fake-film frames=250 ") == true)
                    #expect(second.contains { film?.contains(" pid=\($0) ") == true })
                }
                #expect(house.names == ["a.in", "a.mp4", "b.in", "b.mp4"], "something is left")
                #expect(
                    watch.movedIn().filter { $0.hasSuffix(".mp4") }.sorted() == ["a.mp4", "b.mp4"]
                )
                for number in [plain, over] {
                    HistoryLaw.expect(try await client.history(.number(number)), .completed, number)
                }
                // And it is of use again.
                let next = try await house.submit(client, "fake MS=5", "c")
                try await house.wait(client, next, .completed)
                await client.close()
            }
        }

        /// When a worker goes on that was stopped between its grant and its rename.
        enum LateRename: CaseIterable {
            /// Its lease is over, and nobody has looked yet: the rename comes to its end.
            case beforeTheLook
            /// The second attempt has removed the part and encodes.
            case duringTheEncode
            /// The second attempt has published.
            case afterTheFilm
        }

        // The worker has its grant and stands before the rename: `libReelworkPublishPause.so`,
        // loaded into it, stops it there and nowhere else.
        @Test(
            .timeLimit(.minutes(1)),
            arguments: LateRename.allCases,
            [false, true]
        )
        func aWorkerStoppedBeforeItsRenamePublishesOnceOrNotAtAll(
            _ waking: LateRename,
            overwrite: Bool
        ) async throws {
            try await House.open { house in
                try await house.serve(lease: "2s", ["--heartbeat", "500ms"])
                let mark = house.path + "/paused"
                let sleeper = try await house.worker(
                    "w1",
                    environment: [
                        "LD_PRELOAD": try Programs.path("libReelworkPublishPause.so"),
                        "REELWORK_TEST_PAUSE_MARK": mark,
                    ]
                )
                let client = try await house.client()
                if overwrite { try house.write("of somebody else", to: "film.mp4") }
                let before = house.read("film.mp4")
                let watch = try FolderWatch(house.media)
                let number = try await house.submit(client, "fake MS=20", overwrite: overwrite)
                try await eventually("the pause") { FileManager.default.fileExists(atPath: mark) }
                try await eventually("the stop") { ProcessTable.isStopped(sleeper.pid) }
                let held = try await client.job(.number(number))
                #expect(held.granted == AttemptNumber(1) && house.parts.count == 1)
                #expect(house.read("film.mp4") == before)
                try house.write("fake MS=1500", to: "film.in")
                try await house.wait(client, number, .retrying)
                if waking == .beforeTheLook {
                    sleeper.signal(SIGCONT)
                    try await eventually("the film") { watch.movedIn().contains("film.mp4") }
                }
                try await house.worker("w2")
                if waking == .duringTheEncode {
                    try await eventually("the second encoder") { house.fake.encoders.count == 2 }
                    sleeper.signal(SIGCONT)
                }
                let view = try await house.wait(client, number, .completed)
                #expect(view.attempt == AttemptNumber(2))
                let film = try #require(house.read("film.mp4"))
                if waking == .afterTheFilm { sleeper.signal(SIGCONT) }
                try await eventually("the sleeper lets go") { house.attempts("w1").isEmpty }
                try await eventually("the sleeper's new registration") {
                    sleeper.errors.components(separatedBy: "Registered as w1").count >= 3
                }
                #expect(house.read("film.mp4") == film, "the film was replaced")
                #expect(film.hasPrefix("fake-film frames=250 "))
                // Whose film it is: of the first attempt only where it came before the look.
                let makers = house.fake.encoders
                #expect(makers.count == (waking == .beforeTheLook ? 1 : 2))
                #expect(film.contains(" pid=\(try #require(makers.last)) "))
                #expect(watch.movedIn().filter { $0 == "film.mp4" }.count == 1)
                #expect(house.names == ["film.in", "film.mp4"], "something is left")
                HistoryLaw.expect(try await client.history(.number(number)), .completed, number)
                await client.close()
            }
        }

        // Stopped at random lines of the encoders' log, so now and then between the grant and the
        // move to the output. Where that may be replaced, the fence alone keeps a late move out.
        @Test(.timeLimit(.minutes(2)), arguments: [false, true])
        func workersThatSleepAtAnyMomentPublishNothingTwice(overwrite: Bool) async throws {
            try await House.open { house in
                let scheduler = try await house.serve(lease: "1s", ["--heartbeat", "250ms"])
                var workers: [ProgramRun] = []
                for index in 1...4 { workers.append(try await house.worker("w\(index)")) }
                let films = try await FilmBatch.submit(150, in: house, overwrite: overwrite)
                for moment in films.moments(6) {
                    try await films.reach(moment)
                    let index = Int.random(in: workers.indices)
                    let mark = "Worker w\(index + 1) dead"
                    let before = scheduler.errors.components(separatedBy: mark).count
                    workers[index].signal(SIGSTOP)
                    try await eventually("the end of the sleeper's lease") {
                        scheduler.errors.components(separatedBy: mark).count > before
                    }
                    let known = workers[index].errors.components(separatedBy: "Registered as")
                    workers[index].signal(SIGCONT)
                    try await eventually("the sleeper's new registration") {
                        workers[index].errors.components(separatedBy: "Registered as").count
                            > known.count
                    }
                }
                let again = try await films.expectAll()
                TestNote.say("6 sleepers: \(again) of 150 jobs were run again")
            }
        }

        /// When a watcher hears that a job has come to a state.
        private static func instant(
            of state: JobState,
            _ number: JobNumber,
            _ client: ReelworkClient
        ) async throws -> ContinuousClock.Instant {
            for try await news in client.watch([.number(number)])
            where news.move?.to == .known(state) || news.view?.state == .known(state) {
                return .now
            }
            throw Surprise("the job ended without \(state)")
        }
    }
}
