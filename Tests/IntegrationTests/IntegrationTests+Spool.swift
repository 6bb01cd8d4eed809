// SPDX-License-Identifier: Apache-2.0
// Reelwork: results that wait for the scheduler, and what a killed agent leaves

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: what a worker has done is not done again, whoever dies before it is told; and what a
    /// killed agent was doing is ended before anybody does it again.
    ///
    /// Method: scheduler and agent are killed at chosen instants and come back on the same files.
    @Suite(.timeLimit(.minutes(1)))
    struct SpoolTests {
        /// A job whose film stands and whose worker could tell nobody: both are killed.
        private struct Orphan {
            var client: ReelworkClient
            var number: JobNumber
            var watch: FolderWatch
            var settings: [String: String]
            /// The report that waits.
            var report: String
        }

        /// Kills the scheduler between its grant and `finished`, and the agent when the film
        /// stands.
        ///
        /// The worker stops before its rename, by `libReelworkPublishPause.so`.
        private static func killBoth(_ house: House) async throws -> Orphan {
            let settings = ["retries.wait_first": "0s"]
            let scheduler = try await house.serve(lease: "1s", settings: settings)
            let mark = house.path + "/paused"
            let worker = try await house.worker(
                "w1",
                environment: [
                    "LD_PRELOAD": try Programs.path("libReelworkPublishPause.so"),
                    "REELWORK_TEST_PAUSE_MARK": mark,
                ]
            )
            let client = try await house.client()
            let watch = try FolderWatch(house.media)
            let number = try await house.submit(client, "fake MS=20")
            try await eventually("the pause") { FileManager.default.fileExists(atPath: mark) }
            try await eventually("the stop") { ProcessTable.isStopped(worker.pid) }
            #expect(try await client.job(.number(number)).granted == AttemptNumber(1))
            #expect(house.read("film.mp4") == nil)
            try await scheduler.kill9()
            worker.signal(SIGCONT)
            let report = try await eventually("the report in the spool") {
                house.spooled("w1").first
            }
            #expect(watch.movedIn() == ["film.in", "film.mp4"])
            try await worker.kill9()
            return Orphan(
                client: client,
                number: number,
                watch: watch,
                settings: settings,
                report: report
            )
        }

        /// Expects one film, of the one encoder that ever ran, published once, and an empty spool.
        private static func expectOnce(
            _ house: House,
            _ orphan: Orphan,
            attempt: UInt32,
            _ states: [JobState]
        ) async throws -> [Move] {
            let view = try await house.wait(orphan.client, orphan.number, .completed)
            #expect(view.attempt == AttemptNumber(attempt))
            let makers = house.fake.encoders
            #expect(makers.count == 1, "it was encoded again")
            #expect(house.read("film.mp4")?.contains(" pid=\(makers.first ?? 0) ") == true)
            #expect(orphan.watch.movedIn() == ["film.in", "film.mp4"])
            #expect(house.names == ["film.in", "film.mp4"], "something is left behind")
            try await eventually("the empty spool") { house.spooled("w1").isEmpty }
            let moves = try await orphan.client.history(.number(orphan.number))
            HistoryLaw.expect(moves, .completed, orphan.number)
            #expect(moves.map(\.to.value) == states)
            await orphan.client.close()
            return moves
        }

        // Lesson 24: a result was dropped after 7 s without a server, and hours of encoding with
        // it.
        @Test func aResultOutlivesSchedulerAndAgentAndCountsForItsAttempt() async throws {
            try await House.open { house in
                let orphan = try await Self.killBoth(house)
                // It is back long before the lease is over that a start gives to all.
                try await house.serve(lease: "20s", settings: orphan.settings)
                let worker = try await house.worker("w1")
                _ = try await Self.expectOnce(
                    house,
                    orphan,
                    attempt: 1,
                    [.queued, .assigned, .running, .completed]
                )
                #expect(worker.errors.contains("1 results wait to be reported"))
            }
        }

        // Lesson 24. The job is queued again when its worker comes; nobody else is there to have
        // it.
        @Test func aResultThatComesAfterTheLeaseIsAdoptedAsANewAttempt() async throws {
            try await House.open { house in
                let orphan = try await Self.killBoth(house)
                try await house.serve(lease: "1s", settings: orphan.settings)
                try await house.wait(orphan.client, orphan.number, .queued)
                try await house.worker("w1")
                let moves = try await Self.expectOnce(
                    house,
                    orphan,
                    attempt: 2,
                    [
                        .queued, .assigned, .running, .retrying, .queued, .assigned, .running,
                        .completed,
                    ]
                )
                let adopted = moves.contains { $0.reason.contains("still had it: adopted") }
                #expect(adopted, "\(moves)")
            }
        }

        // Lesson 24, with a spool file cut in the middle, as a failing disk leaves one: it is said
        // and set aside. The film stands, so the next attempt finds it and does not encode.
        @Test func aSpooledResultCutInTheMiddleIsSaidAndTheFilmIsFound() async throws {
            try await House.open { house in
                let orphan = try await Self.killBoth(house)
                let size = try #require(
                    FileManager.default.contents(atPath: orphan.report)?.count
                )
                try #require(truncate(orphan.report, size / 2) == 0)
                try await house.serve(lease: "1s", settings: orphan.settings)
                let worker = try await house.worker("w1")
                let view = try await house.wait(orphan.client, orphan.number, .completed)
                let moves = try await Self.expectOnce(
                    house,
                    orphan,
                    attempt: view.attempt.rawValue,
                    [
                        .queued, .assigned, .running, .retrying, .queued, .assigned, .running,
                        .completed,
                    ]
                )
                #expect(moves.last?.reason.contains("Film of attempt 1 stands") == true)
                #expect(
                    worker.errors.contains("is damaged and was set aside"),
                    "\(worker.errors)"
                )
                #expect(FileManager.default.fileExists(atPath: orphan.report + ".damaged"))
            }
        }

        // Lesson 24: what went wrong is a result as well, and so is its log.
        @Test func aFailureOutlivesSchedulerAndAgent() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                let worker = try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=600 EXIT=3") {
                    $0.retries = 0
                }
                try await house.wait(client, number, .running)
                try await scheduler.kill9()
                _ = try await eventually("the report in the spool") { house.spooled("w1").first }
                try await worker.kill9()
                try await house.serve(lease: "20s")
                try await house.worker("w1")
                let view = try await house.wait(client, number, .failed)
                #expect(view.attempt == AttemptNumber(1) && view.retryCount == 0)
                #expect(view.failure == .known(.runtimeError), "\(view.error ?? "")")
                #expect(view.error?.contains("3") == true, "\(view.error ?? "")")
                #expect(house.fake.encoders.count == 1, "it was encoded again")
                let log = try await house.reelwork(["job", "log", "\(number)"])
                #expect(log.output.contains("Conversion failed"), "\(log)")
                try await eventually("the empty spool") { house.spooled("w1").isEmpty }
                #expect(house.names == ["film.in"], "something is left behind")
                await client.close()
            }
        }

        /// Where the process is that an encoder left behind.
        enum Straggler: String, CaseIterable {
            /// In the encoder's group.
            case inItsGroup = "1"
            /// In a session of its own.
            case inItsOwn = "2"
        }

        // Lesson 25: after a restart of the agent its encoder lived on beside a second copy.
        //
        // The helper that would take all with it is killed too. The kernel ends the encoder itself;
        // what that has started, as a wrapper starts the real encoder, is only found by looking.
        @Test(arguments: Straggler.allCases)
        func aRestartedAgentEndsAllThatTheKilledOneLeft(_ straggler: Straggler) async throws {
            try await House.open { house in
                try await house.serve(settings: ["retries.wait_first": "0s"])
                let worker = try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(
                    client,
                    "fake MS=60000 IGNORETERM=1 GRANDCHILD=\(straggler.rawValue)"
                )
                try await house.wait(client, number, .running)
                let left = try await eventually("the encoder's child") {
                    house.fake.grandchildren.first
                }
                let encoder = try #require(house.fake.encoders.first)
                let helper = try #require(ProcessTable.parentOf(encoder))
                let parts = house.parts
                #expect(parts.count == 1 && house.attempts("w1").count == 1)
                // Stopped first, so that it cannot tidy up after its helper.
                worker.signal(SIGSTOP)
                try #require(helper != worker.pid && kill(helper, SIGKILL) == 0)
                try await worker.kill9()
                try await house.wait(client, number, .queued)
                #expect(ProcessTable.isAlive(left), "there is nothing to end")
                #expect(house.parts == parts, "there is nothing to sweep")
                try house.write("fake MS=20", to: "film.in")
                // The next attempt would sweep too: it is to come when all is looked at.
                _ = try await client.setQueue(.standard, paused: true, reason: "a test")

                let again = try await house.worker("w1")
                #expect(!ProcessTable.isAlive(encoder) && !ProcessTable.isAlive(left))
                #expect(house.names == ["film.in"] && house.attempts("w1").isEmpty)
                #expect(again.errors.contains("An earlier life left"), "\(again.errors)")
                _ = try await client.setQueue(.standard, paused: false, reason: "a test")
                let view = try await house.wait(client, number, .completed)
                #expect(view.attempt == AttemptNumber(2))
                #expect(house.fake.encoders.count == 2)
                #expect(house.names == ["film.in", "film.mp4"], "something is left behind")
                #expect(house.attempts("w1").isEmpty)
                await client.close()
            }
        }
    }
}
