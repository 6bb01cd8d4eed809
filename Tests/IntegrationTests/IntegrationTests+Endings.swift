// SPDX-License-Identifier: Apache-2.0
// Reelwork: cancel, drain, goodbye, check

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: what is asked to end does so in time and leaves nothing; what is not asked goes on.
    ///
    /// Method: cancel and TERM while an encoder runs.
    @Suite(.timeLimit(.minutes(1)))
    struct EndingTests {
        // Lesson 22: cancel never reached a running encode.
        //
        // The encoder takes no notice of TERM, and so does a process that it left behind.
        @Test func cancelKillsTheWholeGroupAndSweepsWithinASecond() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(
                    client,
                    "fake MS=60000 IGNORETERM=1 GRANDCHILD=1"
                )
                try await house.wait(client, number, .running)
                let left = try await eventually("the encoder's child") {
                    house.fake.grandchildren.first
                }
                let group = try #require(ProcessTable.groupOf(left))
                #expect(ProcessTable.group(group).count >= 2)
                #expect(!house.parts.isEmpty)
                let start = ContinuousClock.now
                let answer = try await house.reelwork(["job", "cancel", "\(number)"])
                #expect(answer.status == 0, "\(answer)")
                try await eventually("the group's end and the sweep", within: .seconds(5)) {
                    ProcessTable.group(group).isEmpty && house.attempts("w1").isEmpty
                        && house.names == ["film.in"]
                }
                let took = start.duration(to: .now)
                TestNote.say("cancel: all gone after \(took)")
                #expect(took < .seconds(1))
                let view = try await client.job(.number(number))
                #expect(view.state == .known(.canceled))
                HistoryLaw.expect(try await client.history(.number(number)), .canceled, number)
                await client.close()
            }
        }

        @Test func aWaitingSubmitEndsWithFourWhereItsJobIsCanceled() async throws {
            try await House.open { house in
                try await house.serve()
                try await house.worker("w1")
                try house.write("fake MS=60000", to: "film.in")
                let submit = try house.start(
                    [
                        "submit", "--wait", "--engine", "ffmpeg", "--input",
                        "\(house.media)/film.in", "--output", "\(house.media)/film.mp4",
                    ],
                    name: "submit"
                )
                try await eventually("an encoder") { !house.fake.encoders.isEmpty }
                let answer = try await house.reelwork(["job", "cancel", "1"])
                #expect(answer.status == 0, "\(answer)")
                #expect(try await submit.end() == .exited(4), "\(submit.output)\(submit.errors)")
            }
        }

        // Nobody submits anything: the scheduler looks by itself, every five seconds.
        @Test func aSchedulerWhoseDataFolderIsRemovedEndsAndSaysWhy() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                try FileManager.default.removeItem(atPath: house.data)
                #expect(try await scheduler.end() == .exited(70), "\(scheduler.errors)")
                #expect(scheduler.errors.contains("\(house.data)/reelwork.db was removed or moved"))
                #expect(scheduler.errors.contains("start again"))
            }
        }

        @Test func aDrainingWorkerEndsItsJobTakesNoOtherAndExitsWithZero() async throws {
            try await House.open { house in
                try await house.serve()
                let worker = try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=1500", "a")
                try await house.wait(client, number, .running)
                worker.signal(SIGTERM)
                let other = try await house.submit(client, "fake MS=5", "b")
                #expect(try await worker.end() == .exited(0), "\(worker.errors)")
                let view = try await client.job(.number(number))
                #expect(view.state == .known(.completed))
                #expect(view.attempt == AttemptNumber(1))
                #expect(house.read("a.mp4")?.hasPrefix("fake-film frames=250 ") == true)
                #expect(try await client.job(.number(other)).state == .known(.queued))
                await client.close()
            }
        }

        @Test func theSchedulerSaysGoodbyeWithinFiveSecondsAndTheEncodeGoesOn() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                try await house.worker("w1")
                let client = try await house.client()
                let number = try await house.submit(client, "fake MS=5000")
                try await house.wait(client, number, .running)
                let encoder = try await eventually("an encoder") { house.fake.encoders.first }
                let start = ContinuousClock.now
                scheduler.signal(SIGTERM)
                #expect(try await scheduler.end(within: .seconds(10)) == .exited(0))
                let took = start.duration(to: .now)
                TestNote.say("serve on TERM: ended after \(took)")
                #expect(took < .seconds(5))
                #expect(!FileManager.default.fileExists(atPath: house.socket))
                #expect(ProcessTable.isAlive(encoder))
                try await house.serve()
                let view = try await house.wait(client, number, .completed)
                #expect(view.attempt == AttemptNumber(1))
                #expect(house.fake.encoders == [encoder])
                await client.close()
            }
        }

        @Test func aWorkerWhoseNameIsTakenSaysByWhomAndTakesOverAtItsEnd() async throws {
            try await House.open { house in
                try await house.serve(lease: "2s", ["--heartbeat", "500ms"])
                let first = try await house.worker("w1")
                let second = try house.start(
                    ["worker", "--name", "w1", "--scratch", house.path + "/other"],
                    name: "second"
                )
                try await eventually("the refusal") { second.errors.contains("is taken at") }
                #expect(second.errors.contains("process \(first.pid) on "))
                #expect(second.errors.contains("--name"))
                #expect(!second.errors.contains("No scheduler"))
                first.signal(SIGTERM)
                try await eventually("the second worker in the fleet") {
                    second.errors.contains("Registered as w1")
                }
            }
        }

        // GRDB lowers `synchronous` by itself; only FULL, which is 2, keeps what was answered.
        @Test func aRunningSchedulerWritesWithFullSync() async throws {
            try await House.open { house in
                try await house.serve()
                let answer = try await house.reelwork(["admin", "check", "--json"])
                #expect(answer.status == 0, "\(answer)")
                let line = answer.output.split(separator: "\n").first {
                    $0.contains("\"name\":\"synchronous\"")
                }
                let object = try JSONSerialization.jsonObject(with: Data((line ?? "{}").utf8))
                let check = try #require(object as? [String: Any])
                #expect(check["detail"] as? String == "2")
                #expect(check["ok"] as? Bool == true)
            }
        }
    }
}
