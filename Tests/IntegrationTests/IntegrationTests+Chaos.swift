// SPDX-License-Identifier: Apache-2.0
// Reelwork: restarts, crowds and failures without end

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: the chaos tests that the seed's system claimed to pass, word for word: a restart with
    /// jobs on many workers, a hundred assignments at once, retries until they are spent.
    ///
    /// The first of them, a worker that crashes, is `aKilledWorkersJobIsRetryingWithinASecond…`.
    ///
    /// Method: real processes; the fake engine tells who encoded what.
    @Suite(.timeLimit(.minutes(1)))
    struct ChaosTests {
        // Seed: chaos test 2, a restart with active jobs; SchedulerRestart.
        //
        // Ten jobs on five workers with two slots each. One worker dies while nobody looks.
        @Test func aRestartKeepsEightOfTenJobsAndRunsTwoAgain() async throws {
            try await House.open { house in
                let settings = ["retries.wait_first": "0s"]
                let scheduler = try await house.serve(lease: "2s", settings: settings)
                var workers: [String: ProgramRun] = [:]
                for index in 1...5 {
                    workers["w\(index)"] = try await house.worker("w\(index)", slots: 2)
                }
                let client = try await house.client()
                let watch = try FolderWatch(house.media)
                var numbers: [JobNumber] = []
                for index in 0..<10 {
                    numbers.append(try await house.submit(client, "fake MS=4000", "\(index)"))
                }
                for number in numbers { try await house.wait(client, number, .running) }
                let first = try await eventually("all encoders") {
                    let encoders = house.fake.encoders
                    return encoders.count == 10 ? encoders : nil
                }
                let before = try await client.jobs(JobQuery(limit: 100)).jobs
                #expect(Set(before.map(\.worker)) == Set(workers.keys))
                let lost = before.filter { $0.worker == "w3" }.map(\.number)
                #expect(lost.count == 2)
                // What runs again is to be short.
                for index in 0..<10 { try house.write("fake MS=20", to: "\(index).in") }
                try await scheduler.kill9()
                try await workers["w3"]?.kill9()
                let next = try await house.serve(lease: "2s", settings: settings)
                for (index, number) in numbers.enumerated() {
                    let view = try await house.wait(client, number, .completed)
                    let isLost = lost.contains(number)
                    #expect(view.attempt == AttemptNumber(isLost ? 2 : 1), "job \(number)")
                    #expect(view.retryCount == (isLost ? 1 : 0), "job \(number)")
                    let film = house.read("\(index).mp4") ?? ""
                    // In the same process, or in a new one.
                    let isOfFirst = first.contains { film.contains(" pid=\($0) ") }
                    #expect(isOfFirst != isLost, "job \(number): \(film)")
                    let moves = try await client.history(.number(number))
                    HistoryLaw.expect(moves, .completed, number)
                    #expect(moves.count { $0.to == .known(.completed) } == 1)
                }
                let found = next.errors.components(separatedBy: "Recovering orphaned job").count - 1
                #expect(found == 2, "\(next.errors)")
                #expect(house.fake.encoders.count == 12)
                let films = watch.movedIn().filter { $0.hasSuffix(".mp4") }.sorted()
                #expect(films == (0..<10).map { "\($0).mp4" })
                #expect(house.parts.isEmpty)
                await client.close()
            }
        }

        // Seed: chaos test 3, a hundred assignments at once. The queue is paused until all jobs are
        // there and a hundred slots are free, so they are handed out in one go.
        @Test func aHundredAssignmentsAtOnceAreOneEncodeEach() async throws {
            try await House.open { house in
                try await house.serve()
                for index in 1...5 { try await house.worker("w\(index)", slots: 20) }
                let words = ["default", "--reason", "a crowd"]
                let pause = try await house.reelwork(["queue", "pause"] + words)
                #expect(pause.status == 0, "\(pause)")
                let films = try await FilmBatch.submit(100, in: house)
                #expect(house.fake.encoders.isEmpty)
                let resume = try await house.reelwork(["queue", "resume"] + words)
                #expect(resume.status == 0, "\(resume)")
                #expect(try await films.expectAll() == 0, "some ran again")
                #expect(house.fake.encoders.count == 100)
                let client = try await house.client()
                let workers = Set(try await client.jobs(JobQuery(limit: 500)).jobs.map(\.worker))
                #expect(workers == Set((1...5).map { "w\($0)" }))
                await client.close()
            }
        }

        // Seed: chaos test 4, retries until they are spent; RetryExhaustion.
        @Test func aJobThatAlwaysFailsRunsFourTimesWithItsWaitsAndFails() async throws {
            try await House.open { house in
                let scheduler = try await house.serve(settings: [
                    "retries.wait_first": "200ms", "retries.jitter": "none",
                ])
                try await house.worker("w1")
                try house.write("fake MS=20 EXIT=1", to: "film.in")
                let answer = try await house.reelwork([
                    "submit", "--wait", "--engine", "ffmpeg", "--input",
                    "\(house.media)/film.in", "--output", "\(house.media)/film.mp4",
                ])
                #expect(answer.status == 3, "\(answer)")
                let client = try await house.client()
                let view = try await client.job(.number(JobNumber(1)))
                #expect(view.state == .known(.failed) && view.attempt == AttemptNumber(4))
                #expect(view.retryCount == 3 && view.failure == .known(.runtimeError))
                #expect(house.fake.encoders.count == 4)
                #expect(house.names == ["film.in"], "something is left behind")
                #expect(scheduler.errors.contains("Job 1 exceeded max retries (3/3)"))
                let moves = try await client.history(.number(JobNumber(1)))
                HistoryLaw.expect(moves, .failed, JobNumber(1))
                let waits = zip(moves, moves.dropFirst())
                    .filter { $0.to == .known(.retrying) && $1.to == .known(.queued) }
                    .map { $1.at.since($0.at) }
                TestNote.say("waits of the retries: \(waits)")
                #expect(waits.count == 3)
                for (wait, wanted) in zip(waits, [200, 400, 800]) {
                    // Times are told in whole milliseconds, and the machine may be slow.
                    #expect(wait >= .milliseconds(wanted - 1), "\(waits)")
                    #expect(wait < .milliseconds(wanted + 500), "\(waits)")
                }
                await client.close()
            }
        }

        // A cancel races the end of its job, a hundred times: one of the two wins, and only the
        // end leaves a film.
        //
        // Each job is canceled when its part is there, when that has its film, somewhat later, or
        // when the film stands at its place: before its grant, about it, and after it.
        @Test func ofACancelAndAFinishOneWins() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1", slots: 8)
                let films = house.path + "/films"
                try FileManager.default.createDirectory(
                    atPath: films,
                    withIntermediateDirectories: false
                )
                let client = try await house.client()
                try house.write("fake MS=30", to: "film.in")
                let jobs = (0..<100).map { index in
                    Submission(
                        JobSpec(
                            engine: "ffmpeg",
                            input: "\(house.media)/film.in",
                            output: "\(films)/\(index).mp4"
                        )
                    )
                }
                let numbers = try await client.submit(jobs).map(\.number)
                let racers = try await withThrowingTaskGroup(of: (Int, ItemResult).self) { group in
                    for (index, number) in numbers.enumerated() {
                        group.addTask {
                            try await CancelMoment(rawValue: index % 4)?.wait(
                                part: try await Self.part(client, number, films),
                                film: "\(films)/\(index).mp4",
                                house.fake
                            )
                            let answer = try await client.cancel([.number(number)], reason: "race")
                            return (index, try #require(answer.first))
                        }
                    }
                    return try await group.reduce(into: [Int: ItemResult]()) { $0[$1.0] = $1.1 }
                }
                var canceled = 0
                for (index, number) in numbers.enumerated() {
                    let result = try #require(racers[index])
                    let isCanceled = result.code == .known(.ok)
                    let state: JobState = isCanceled ? .canceled : .completed
                    let view = try await house.wait(client, number, state)
                    #expect(view.attempt <= AttemptNumber(1))
                    let moves = try await client.history(.number(number))
                    HistoryLaw.expect(moves, state, number)
                    #expect(moves.count { $0.to.value?.isTerminal == true } == 1)
                    if isCanceled { canceled += 1 }
                    guard !isCanceled else { continue }
                    let isTold = [.publishing, .illegalTransition].contains(result.code.value)
                    #expect(isTold && result.detail?.isEmpty == false, "\(result)")
                }
                try await eventually("the sweep") { house.attempts("w1").isEmpty }
                let stand = Set(try FileManager.default.contentsOfDirectory(atPath: films))
                let won = racers.filter { $0.value.code != .known(.ok) }.map { "\($0.key).mp4" }
                #expect(stand == Set(won), "a film of a canceled job stands, or one is missing")
                TestNote.say("race: \(canceled) of 100 canceled")
                #expect(canceled > 0 && canceled < 100, "nobody raced")
                await client.close()
            }
        }

        private static func part(
            _ client: ReelworkClient,
            _ number: JobNumber,
            _ films: String
        ) async throws -> String {
            "\(films)/.reelwork-\(try await client.job(.number(number)).id)-1.part"
        }

        /// When a job is canceled.
        private enum CancelMoment: Int {
            case part, film, verifying, published

            /// Waits for it, as the files show it.
            func wait(part: String, film: String, _ log: FakeLog) async throws {
                var lines: Int?
                try await eventually("\(self) of \(film)", within: .seconds(40)) {
                    var facts = stat()
                    let isThere = stat(part, &facts) == 0
                    let isEncoded = isThere && facts.st_size > 0
                    let isPublished = access(film, F_OK) == 0
                    switch self {
                    case .part: return isThere || isPublished
                    case .film: return isEncoded || isPublished
                    case .published: return isPublished
                    case .verifying:
                        // A few lines of the log later, its own or others'.
                        if isEncoded, lines == nil { lines = log.count + .random(in: 1...8) }
                        return isPublished || lines.map { log.count >= $0 } ?? false
                    }
                }
            }
        }
    }
}
