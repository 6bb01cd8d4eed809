// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of following jobs over the life of a scheduler

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

@testable import reelwork

/// Goal: who waits for a job outlives the scheduler's restart, is told what goes on, and gives up
/// in time with what to do.
///
/// Method: the built scheduler is killed under a follower whose client has next to no patience.
@Suite(.timeLimit(.minutes(1)))
struct JobFollowerTests {
    /// A scheduler that can be killed and started again.
    private final class House {
        let folder = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        private var process = Process()

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            try? FileManager.default.removeItem(atPath: folder)
        }

        /// Starts it; returns once it serves.
        func start() throws {
            let place = try #require(
                Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
                    .deletingLastPathComponent()
                    ?? Bundle.main.executableURL?.deletingLastPathComponent()
            )
            process = Process()
            process.executableURL = place.appendingPathComponent("reelwork")
            process.arguments = ["serve", "--data", folder]
            process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
            process.standardInput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            try #require(said.hasPrefix("ready "))
        }

        func kill9() {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        func client() async throws -> ReelworkClient {
            try await ReelworkClient.connect(
                ReelworkConfiguration(
                    endpoints: ["unix:\(folder)/reelwork.sock"],
                    agent: "test",
                    patience: .milliseconds(1)
                )
            )
        }

        /// Submits a job that no worker takes.
        func job(_ client: ReelworkClient) async throws -> JobNumber {
            let spec = JobSpec(input: "\(folder)/in.mp4", output: "\(folder)/out.mp4")
            let order = JobOrder(spec: spec, key: nil)
            return try await client.submit([order.submission])[0].number
        }
    }

    @Test func aSchedulerThatIsAwayIsWaitedFor() async throws {
        let house = House()
        try house.start()
        let client = try await house.client()
        let number = try await house.job(client)
        let (told, teller) = AsyncStream.makeStream(of: String.self)
        var follower = JobFollower(client: client, style: .silent, farewell: nil)
        follower.say = { teller.yield($0) }
        let watching = Task { [follower] in try await follower.follow([.number(number)]) }
        house.kill9()
        var words = told.makeAsyncIterator()
        let away = await words.next()
        #expect(away?.contains("the scheduler is away; waits up to 5m") == true, "\(away ?? "")")
        try house.start()
        let back = await words.next()
        #expect(back == "reelwork: the scheduler is back")
        let other = try await house.client()
        _ = try await other.cancel([.number(number)], reason: "enough")
        #expect(try await watching.value.status == .jobCanceled)
        await other.close()
        await client.close()
    }

    @Test func whoWaitedLongEnoughIsToldThatTheJobsGoOn() async throws {
        let house = House()
        try house.start()
        let client = try await house.client()
        let number = try await house.job(client)
        house.kill9()
        var follower = JobFollower(client: client, style: .silent, farewell: nil)
        follower.awayMax = .zero
        let failure = await #expect(throws: CommandFailure.self) {
            try await follower.follow([.number(number)])
        }
        #expect(failure?.status == .unreachable)
        #expect(failure?.advice.hasPrefix("the jobs go on; ") == true, "\(failure?.advice ?? "")")
    }
}
