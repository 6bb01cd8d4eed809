// SPDX-License-Identifier: Apache-2.0
// Reelwork: the scheduler is killed

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: a scheduler may die at any instruction; nothing is lost, run twice or stuck.
    ///
    /// Method: SIGKILL, and a new start on the same folder.
    @Suite
    struct SchedulerDeathTests {
        // The encoder of the fake engine tells its process; the film tells who wrote it.
        @Test(.timeLimit(.minutes(1)))
        func anEncodeGoesOnOverTheSchedulersDeathAndCompletesOnce() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let watch = try FolderWatch(house.media)
                let number = try await house.submit(client, "fake MS=4000")
                try await house.wait(client, number, .running)
                let encoder = try await eventually("an encoder") { house.fake.encoders.first }
                try await scheduler.kill9()
                #expect(ProcessTable.isAlive(encoder), "the encoder died with the scheduler")
                try await house.serve()
                #expect(ProcessTable.isAlive(encoder), "the encode ended before the new start")
                let view = try await house.wait(client, number, .completed)
                #expect(view.attempt == AttemptNumber(1))
                #expect(view.retryCount == 0)
                #expect(house.fake.encoders == [encoder])
                #expect(house.read("film.mp4")?.contains("pid=\(encoder) ") == true)
                #expect(watch.movedIn().filter { $0 == "film.mp4" }.count == 1)
                let moves = try await client.history(.number(number))
                #expect(moves.map(\.to.value) == [.queued, .assigned, .running, .completed])
                HistoryLaw.expect(moves, .completed, number)
                await client.close()
            }
        }

        // Kills at random lines of the fake engine's log: after a probe, within an encode, before a
        // report. Inotify counts what is moved to its place.
        @Test(.timeLimit(.minutes(4)))
        func fiveHundredJobsOnFiveWorkersSurviveTwentyDeathsOfTheScheduler() async throws {
            try await House.open { house in
                var scheduler = try await house.serve()
                for index in 1...5 { try await house.worker("w\(index)") }
                let films = try await FilmBatch.submit(500, in: house)
                for moment in films.moments(20) {
                    try await films.reach(moment)
                    try await scheduler.kill9()
                    scheduler = try await house.serve()
                }
                let again = try await films.expectAll()
                TestNote.say("20 deaths of the scheduler: \(again) of 500 jobs were run again")
            }
        }

        // A worker that comes back under its name finds what its earlier life left behind.
        @Test(.timeLimit(.minutes(4)))
        func twoHundredJobsSurviveDeathsOfWorkersAndScheduler() async throws {
            try await House.open { house in
                var scheduler = try await house.serve()
                var workers: [ProgramRun] = []
                for index in 1...4 { workers.append(try await house.worker("w\(index)")) }
                let films = try await FilmBatch.submit(200, in: house)
                for (index, moment) in films.moments(12).enumerated() {
                    try await films.reach(moment)
                    if index % 3 == 0 {
                        try await scheduler.kill9()
                        scheduler = try await house.serve()
                    } else {
                        let victim = Int.random(in: workers.indices)
                        try await workers[victim].kill9()
                        workers[victim] = try await house.worker("w\(victim + 1)")
                    }
                }
                let again = try await films.expectAll()
                TestNote.say("4 and 8 deaths: \(again) of 200 jobs were run again")
            }
        }
    }
}
