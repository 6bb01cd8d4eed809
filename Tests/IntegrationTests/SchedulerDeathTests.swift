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
                expectLawful(moves, .completed, number)
                await client.close()
            }
        }

        // Kills at random lines of the fake engine's log: after a probe, within an encode, before a
        // report. Inotify counts what is moved to its place.
        @Test(.timeLimit(.minutes(4)))
        func fiveHundredJobsOnFiveWorkersSurviveTwentyDeathsOfTheScheduler() async throws {
            try await House.open { house in
                let count = 500
                var scheduler = try await house.serve()
                try house.write("fake MS=5", to: "film.in")
                let films = house.path + "/films"
                try FileManager.default.createDirectory(
                    atPath: films,
                    withIntermediateDirectories: true
                )
                let watch = try FolderWatch(films)
                for index in 1...5 { try await house.worker("w\(index)") }
                let before = house.fake.count
                let submitted = try await house.reelwork([
                    "submit", "--engine", "ffmpeg", "--input", "\(house.media)/film.in",
                    "--output", "\(films)/{n}.mp4", "--count", "\(count)",
                ])
                #expect(submitted.status == 0, "\(submitted)")
                // A job has two lines each of probe, encode and verification.
                let moments = (0..<20).map { _ in Int.random(in: 10..<(count * 6 * 9 / 10)) }
                    .sorted()
                for moment in moments {
                    try await eventually("line \(moment) of the log", within: .seconds(60)) {
                        house.fake.count - before >= moment
                    }
                    try await scheduler.kill9()
                    scheduler = try await house.serve()
                }
                let client = try await house.client()
                let done: [JobView] = try await eventually("all jobs", within: .seconds(120)) {
                    let ended = try await Self.all(client).filter {
                        $0.state.value?.isTerminal ?? true
                    }
                    return ended.count == count ? ended : nil
                }
                #expect(done.filter { $0.state != .known(.completed) }.isEmpty)
                let names = watch.movedIn().filter { $0.hasSuffix(".mp4") }
                #expect(names.count == count, "published \(names.count) times")
                #expect(Set(names) == Set((1...count).map { "\($0).mp4" }))
                for name in Set(names) {
                    let film = FileManager.default.contents(atPath: films + "/" + name) ?? Data()
                    #expect(film.starts(with: Data("fake-film frames=250 ".utf8)), "\(name)")
                }
                let left = try FileManager.default.contentsOfDirectory(atPath: films)
                #expect(
                    left.count == count,
                    "beside the films: \(left.filter { !$0.hasSuffix(".mp4") })"
                )
                for view in done {
                    let moves = try await client.history(.number(view.number))
                    expectLawful(moves, .completed, view.number)
                    #expect(moves.count { $0.to == .known(.completed) } == 1)
                }
                await client.close()
                let check = try await house.reelwork(["admin", "check", "--deep"])
                #expect(check.status == 0, "\(check)")
                let again = done.filter { $0.attempt > AttemptNumber(1) }.count
                print("20 deaths: \(again) of \(count) jobs took more than one attempt")
            }
        }

        private static func all(_ client: ReelworkClient) async throws -> [JobView] {
            var jobs: [JobView] = []
            var cursor: [UInt8]?
            repeat {
                let page = try await client.jobs(JobQuery(limit: 500), cursor: cursor)
                jobs += page.jobs
                cursor = page.cursor
            } while cursor != nil
            return jobs
        }
    }
}
