// SPDX-License-Identifier: Apache-2.0
// Reelwork: the reference client against the real scheduler

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: who has nothing but proto-spec can write a submitter, a worker and an admin.
    ///
    /// Method: the client that was written from the pages alone, as processes, against the real
    /// scheduler, over each kind of socket, with and without compression.
    @Suite(.timeLimit(.minutes(1)))
    struct ReferenceClientTests {
        /// A kind of socket, and whether compression is offered.
        enum Way: CaseIterable, Sendable {
            case unix, unixPlain, tcp, tcpPlain

            var isPlain: Bool { self == .unixPlain || self == .tcpPlain }
            var isTCP: Bool { self == .tcp || self == .tcpPlain }
        }

        static let count = 12

        @Test(arguments: Way.allCases)
        func submitsWorksWatchesAndAdministers(_ way: Way) async throws {
            try await House.open { house in
                let reference = try await ReferenceProgram.serve(house, overTCP: way.isTCP)
                let plain = way.isPlain ? ["--plain"] : []
                try house.write("a film", to: "film.in")
                let submit =
                    ["submit", "--trace", "--key", "k", "--count", "\(Self.count)"]
                    + ["--engine", "ffmpeg", "--input", "\(house.media)/film.in"]
                    + ["--output", "\(house.media)/{n}.mp4"] + plain
                let first = try await reference.run(submit)
                #expect(first.status == 0, "\(first)")
                #expect(first.output.split(separator: "\n").count == Self.count)
                #expect(!first.output.contains("OK_EXISTS"))
                // The same keys again are the same jobs.
                let again = try await reference.run(submit)
                #expect(
                    again.output == first.output.replacing(#""OK""#, with: #""OK_EXISTS""#),
                    "\(again)"
                )
                try Self.expect(first.errors, isCompressed: !way.isPlain, "SUBMIT_BATCH")

                let keys = (1...Self.count).map { "key:k-\($0)" }
                let watch = try reference.start(["watch", "--trace"] + keys + plain, name: "watch")
                try await eventually("the snapshots") {
                    watch.output.split(separator: "\n").count >= Self.count
                }
                let worker = try await reference.run(
                    ["work", "--name", "w", "--slots", "3", "--jobs", "\(Self.count)"] + plain
                )
                #expect(worker.status == 0, "\(worker)")
                #expect(try await watch.end() == .exited(0), "\(watch.output)\(watch.errors)")
                let ends = watch.output.split(separator: "\n").suffix(Self.count)
                #expect(Set(ends) == Set((1...Self.count).map { "\($0) completed" }))
                try Self.expect(watch.errors, isCompressed: !way.isPlain, "WATCH")
                for number in 1...Self.count {
                    #expect(house.read("\(number).mp4") == "film of job \(number)\n")
                }
                #expect(house.parts == [])
                try await Self.expectAdministration(reference, house)
            }
        }

        /// Expects that some frame of a method is compressed, or that none at all is.
        private static func expect(
            _ trace: String,
            isCompressed: Bool,
            _ method: String
        ) throws {
            let frames = trace.split(separator: "\n").filter { $0.contains(" compressed ") }
            #expect(frames.contains { $0.contains(method) } == isCompressed, "\(trace)")
            if !isCompressed { #expect(frames.isEmpty, "\(trace)") }
        }

        private static func expectAdministration(
            _ reference: ReferenceProgram,
            _ house: House
        ) async throws {
            let history = try await reference.admin(["history", "key:k-\(count)"])
            #expect(history.status == 0, "\(history)")
            let moves = history.output.split(separator: "\n")
            #expect(
                moves.map { $0.firstMatch(of: #/"to":(\d)/#)?.1 } == ["1", "2", "3", "4"],
                "\(history)"
            )
            let metrics = try await reference.admin(["metrics", "reelwork_jobs"])
            #expect(metrics.output.contains(#""completed"]"#), "\(metrics)")
            #expect(metrics.output.contains(#""value":\#(count).0"#), "\(metrics)")
            let loops = try await reference.admin(["loops"])
            for loop in ["scheduling", "health", "cleanup"] {
                #expect(loops.output.contains(#""name":"\#(loop)""#), "\(loops)")
            }
            let check = try await reference.admin(["check", "--deep"])
            #expect(check.status == 0 && check.output.contains("history"), "\(check)")
            let recover = try await reference.admin(["recover", "1"])
            #expect(recover.status == 1, "\(recover)")
            #expect(recover.output.contains("ILLEGAL_TRANSITION"), "\(recover)")
            let nobody = try await reference.admin(["recover", "999", "--action", "requeue"])
            #expect(nobody.output.contains("NOT_FOUND"), "\(nobody)")
            // An admin's method on the other socket is not of its family.
            let wrong = try await reference.run(["admin", "loops"])
            #expect(wrong.status == 2 && wrong.errors.contains("denied"), "\(wrong)")
        }

        @Test func aWorkerMayFinishWithoutAFile() async throws {
            try await House.open { house in
                let reference = try await ReferenceProgram.serve(house)
                let client = try await house.client()
                let number = try await house.submit(client, "a film")
                let worker = try await reference.run([
                    "work", "--name", "w", "--jobs", "1", "--no-file",
                ])
                #expect(worker.output.contains("1/1 finished: OK"), "\(worker)")
                try await house.wait(client, number, .completed)
                #expect(house.read("film.mp4") == nil)
                await client.close()
            }
        }

        // A cancel reaches the process of the encode; it is stopped and released, and nothing else
        // is said of it.
        @Test func aCanceledJobIsStopped() async throws {
            try await House.open { house in
                let reference = try await ReferenceProgram.serve(house)
                let client = try await house.client()
                let number = try await house.submit(client, "a film")
                let worker = try reference.start(
                    ["work", "--name", "w", "--jobs", "1", "--command", "sleep", "600"],
                    name: "work"
                )
                try await house.wait(client, number, .running)
                let running = try await reference.run(["why", "\(number.rawValue)"])
                #expect(running.output.contains(#""state":"running""#), "\(running)")
                let canceled = try await reference.run(["cancel", "\(number.rawValue)"])
                #expect(canceled.status == 0 && canceled.output.contains("OK"), "\(canceled)")
                let why = try await reference.run(["why", "\(number.rawValue)"])
                #expect(why.output.contains(#""code":"user_canceled""#), "\(why)")
                #expect(try await worker.end() == .exited(0), "\(worker.errors)")
                let told = worker.output.split(separator: "\n").dropFirst()
                #expect(told == ["1/1 started: OK", "1/1 released: OK"])
                #expect(try await client.job(.number(number)).state == .known(.canceled))
                #expect(house.parts == [])
                await client.close()
            }
        }

        // A worker that is told to end takes nothing more and ends what it has.
        @Test func aWorkerDrains() async throws {
            try await House.open { house in
                let reference = try await ReferenceProgram.serve(house)
                let client = try await house.client()
                let first = try await house.submit(client, "a film", "first")
                let go = house.path + "/go"
                let worker = try reference.start(
                    ["work", "--name", "w", "--slots", "2", "--command"]
                        + ["sh", "-c", "until test -e \(go); do sleep 0.02; done"],
                    name: "work"
                )
                try await house.wait(client, first, .running)
                worker.signal(SIGTERM)
                try await eventually("the fleet sees that it drains") {
                    try await client.workers().first?.isDraining ?? false
                }
                let second = try await house.submit(client, "a film", "second")
                try Data().write(to: URL(fileURLWithPath: go))
                #expect(try await worker.end() == .exited(0), "\(worker.output)\(worker.errors)")
                try await house.wait(client, first, .completed)
                #expect(try await client.job(.number(second)).state == .known(.queued))
                await client.close()
            }
        }

        // A worker sleeps past its lease. Where nobody else took the job, it goes on with the same
        // process under a new attempt; where somebody did, it is told to kill it.
        @Test(arguments: [false, true])
        func aLostLease(_ isTakenElsewhere: Bool) async throws {
            try await House.open { house in
                let reference = try await ReferenceProgram.serve(house)
                let client = try await house.client()
                let number = try await house.submit(client, "a film")
                let go = house.path + "/go"
                let work =
                    ["--jobs", "1", "--command", "sh", "-c"]
                    + ["until test -e \(go); do sleep 0.02; done"]
                let first = try reference.start(["work", "--name", "a"] + work, name: "a")
                try await house.wait(client, number, .running)
                first.signal(SIGSTOP)
                try await house.wait(client, number, .retrying)
                var second: ProgramRun?
                if isTakenElsewhere {
                    second = try reference.start(["work", "--name", "b"] + work, name: "b")
                    try await house.wait(client, number, .running)
                }
                first.signal(SIGCONT)
                try await eventually("a's second session") {
                    first.output.components(separatedBy: "registered a").count == 3
                }
                try Data().write(to: URL(fileURLWithPath: go))
                let winner = second ?? first
                #expect(try await winner.end() == .exited(0), "\(winner.output)\(winner.errors)")
                #expect(winner.output.contains("1/2 finished: OK"), "\(winner.output)")
                try await house.wait(client, number, .completed)
                #expect(isTakenElsewhere || first.output.contains("1/2 started: OK"))
                #expect(!first.output.contains("1/1 finished"), "\(first.output)")
                HistoryLaw.expect(try await client.history(.number(number)), .completed, number)
                #expect(house.parts == [])
                await client.close()
            }
        }

        // A worker connects again, says what it holds, and goes on with the same process.
        @Test func aWorkerGoesOnOverADeathOfTheScheduler() async throws {
            try await House.open { house in
                var reference = try await ReferenceProgram.serve(house)
                let client = try await house.client()
                let number = try await house.submit(client, "a film")
                let go = house.path + "/go"
                let worker = try reference.start(
                    ["work", "--name", "w", "--jobs", "1", "--command"]
                        + ["sh", "-c", "until test -e \(go); do sleep 0.02; done"],
                    name: "work"
                )
                try await house.wait(client, number, .running)
                try await reference.server.kill9()
                reference = try await ReferenceProgram.serve(house)
                try await eventually("the worker in its second session") {
                    worker.output.components(separatedBy: "registered w").count == 3
                }
                try Data().write(to: URL(fileURLWithPath: go))
                #expect(try await worker.end() == .exited(0), "\(worker.output)\(worker.errors)")
                let view = try await house.wait(client, number, .completed)
                #expect(view.retryCount == 0)
                #expect(house.read("film.mp4") == "film of job 1\n")
                HistoryLaw.expect(
                    try await client.history(.number(number)),
                    .completed,
                    number
                )
                await client.close()
            }
        }
    }
}
