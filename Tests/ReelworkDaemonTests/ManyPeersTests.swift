// SPDX-License-Identifier: Apache-2.0
// Reelwork: a hundred at once

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

/// Goal: R2 under concurrency: whoever asks at the same time, a job is accepted once, handed out
/// once and ends once, and everybody is answered.
///
/// Method: a real daemon on SQLite; a hundred Unix sockets at once.
@Suite(.timeLimit(.minutes(1)))
struct ManyPeersTests {
    private static let peers = 100

    private func connections(
        _ harness: DaemonHarness,
        _ count: Int = ManyPeersTests.peers
    ) async throws -> [RPCConnection] {
        var all: [RPCConnection] = []
        for _ in 0..<count { all.append(try await harness.connect(.submitter)) }
        return all
    }

    @Test func ofOneKeyThereIsOneJob() async throws {
        try await DaemonHarness.open { harness in
            let peers = try await connections(harness)
            let results = try await withThrowingTaskGroup(of: SubmitResult?.self) { group in
                for peer in peers {
                    group.addTask { try await peer.submit([DaemonHarness.item("one")]).first }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
            }
            #expect(results.count == Self.peers)
            #expect(results.count { $0.code == .known(.ok) } == 1)
            #expect(results.count { $0.code == .known(.okExists) } == Self.peers - 1)
            #expect(Set(results.map(\.number)).count == 1)
            let history = try await peers[0].call(
                History.self,
                History.Request(ref: .key("key-one"), afterSequence: 0, limit: 0)
            )
            #expect(history.moves.map(\.to.value) == [.queued])
        }
    }

    // MARK: - Assignments

    /// Workers with a slot each, and what each is sent until its connection ends.
    private struct Crew {
        let connections: [RPCConnection]
        let seen: [Task<[Assignment], Never>]

        init(_ harness: DaemonHarness, _ count: Int = ManyPeersTests.peers) async throws {
            var connections: [RPCConnection] = []
            for index in 0..<count {
                connections.append(try await harness.worker("w\(index)").connection)
            }
            self.connections = connections
            seen = connections.map { connection in
                Task {
                    var all: [Assignment] = []
                    for await push in connection.pushes {
                        if case .assign(let event) = push { all += event.assignments }
                    }
                    return all
                }
            }
        }

        /// What each was sent in all: whatever left before the answer to a heartbeat is there.
        func end() async throws -> [[Assignment]] {
            for connection in connections {
                _ = try await connection.call(
                    Heartbeat.self,
                    Heartbeat.Request(assignedSeen: 0, open: 0, digest: 0)
                )
                await connection.abort()
            }
            var all: [[Assignment]] = []
            for task in seen { all.append(await task.value) }
            return all
        }
    }

    // A hundred workers wait and one job comes: one of them gets it.
    @Test func oneJobGoesToOneOfAHundredWorkers() async throws {
        try await DaemonHarness.open { harness in
            let crew = try await Crew(harness)
            let submitter = try await harness.connect(.submitter)
            let job = try #require(try await submitter.submit([DaemonHarness.item("one")]).first)
            let admin = try await harness.connect(.admin)
            for loop in ["scheduling", "health", "cleanup"] {
                let request = LoopSet.Request(name: loop, action: .run, reason: "test")
                _ = try await admin.call(LoopSet.self, request)
            }
            let sent = try await crew.end()
            #expect(sent.flatMap { $0 }.map(\.number) == [job.number])
            let history = try await submitter.call(
                History.self,
                History.Request(ref: .number(job.number), afterSequence: 0, limit: 0)
            )
            #expect(history.moves.map(\.to.value) == [.queued, .assigned])
        }
    }

    // Seed: chaos test 3, 100 concurrent assignments: all are handed out, none twice.
    @Test func aHundredJobsGoToAHundredWorkersOnce() async throws {
        try await DaemonHarness.open { harness in
            let crew = try await Crew(harness)
            let peers = try await connections(harness)
            let numbers = try await withThrowingTaskGroup(of: JobNumber?.self) { group in
                for (index, peer) in peers.enumerated() {
                    group.addTask {
                        try await peer.submit([DaemonHarness.item("\(index)")]).first?.number
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
            }
            #expect(Set(numbers).count == Self.peers)
            let sent = try await crew.end()
            #expect(sent.allSatisfy { $0.count == 1 })
            #expect(Set(sent.flatMap { $0 }.map(\.number)) == Set(numbers))
            for number in numbers {
                let job = try await peers[0].job(number)
                #expect(job.state == .known(.assigned) && job.attempt == AttemptNumber(1))
            }
        }
    }

    // MARK: - Ends

    // Of a cancel and an end that race, one wins, the other is told which, and a job has one end.
    @Test func aCancelAndAFinishHaveOneWinner() async throws {
        let count = 200
        try await DaemonHarness.open { harness in
            let worker = try await harness.worker("w", slots: UInt64(count)).connection
            let submitter = try await harness.connect(.submitter)
            _ = try await submitter.submit((0..<count).map { DaemonHarness.item("\($0)") })
            var assignments: [Assignment] = []
            for await push in worker.pushes {
                if case .assign(let event) = push { assignments += event.assignments }
                if assignments.count == count { break }
            }
            for one in assignments {
                _ = try await worker.report(one, .started(ReportItem.Start()))
            }
            let peers = try await connections(harness, 8)
            typealias Race = (cancel: OpenEnum<ResultCode>?, finish: OpenEnum<ResultCode>?)
            let races = try await withThrowingTaskGroup(of: (JobNumber, Race).self) { group in
                for (index, one) in assignments.enumerated() {
                    group.addTask {
                        async let canceled = peers[index % peers.count].call(
                            CancelJob.self,
                            CancelJob.Request(refs: [.number(one.number)], reason: "race")
                        )
                        async let finished = worker.report(
                            one,
                            .finished(nil, ReportItem.Finish(hasNoFile: true))
                        )
                        let codes = (
                            try await canceled.results.first?.code, try await finished.code
                        )
                        return (one.number, codes)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(races.count == count)
            for (number, race) in races {
                let state = try await submitter.job(number).state
                switch (race.cancel, race.finish) {
                case (.known(.ok)?, .known(.staleAttempt)?): #expect(state == .known(.canceled))
                case (.known(.illegalTransition)?, .known(.ok)?):
                    #expect(state == .known(.completed))
                default: Issue.record("\(number): \(race), \(state)")
                }
            }
            try await expectSound(harness)
        }
    }

    // Lesson 14: one cancel locked the store for ever, and the master with it. Two hundred cancels
    // of queued, running, ended and unknown jobs at once while fifty clients submit: all are
    // answered, each as it stands.
    @Test func cancelsLockNothing() async throws {
        let each = 50
        try await DaemonHarness.open { harness in
            let worker = try await harness.worker("w", slots: UInt64(each)).connection
            let submitter = try await harness.connect(.submitter)
            let running = try await submitter.submit(
                (0..<each).map { DaemonHarness.item("running-\($0)") }
            ).map(\.number)
            var assigned = 0
            for await push in worker.pushes {
                if case .assign(let event) = push { assigned += event.assignments.count }
                if assigned == each { break }
            }
            let others = try await submitter.submit(
                (0..<2 * each).map { DaemonHarness.item("other-\($0)") }
            ).map(\.number)
            let (queued, ended) = (Array(others.prefix(each)), Array(others.suffix(each)))
            _ = try await submitter.call(
                CancelJob.self,
                CancelJob.Request(refs: ended.map { .number($0) }, reason: "before")
            )
            let unknown = (0..<each).map { JobNumber(UInt64(1_000_000 + $0)) }
            let peers = try await connections(harness)
            let start = ContinuousClock.now
            let codes = try await withThrowingTaskGroup(of: ResultCode?.self) { group in
                for (index, number) in (queued + running + ended + unknown).enumerated() {
                    group.addTask {
                        try await peers[index % 50].call(
                            CancelJob.self,
                            CancelJob.Request(refs: [.number(number)], reason: "test")
                        ).results.first?.code.value
                    }
                }
                for client in 0..<50 {
                    group.addTask {
                        let items = (0..<20).map { DaemonHarness.item("new-\(client)-\($0)") }
                        let results = try await peers[50 + client].submit(items)
                        return results.allSatisfy { $0.code == .known(.ok) } ? .okExists : nil
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let took = ContinuousClock.now - start
            #expect(took < .seconds(5), "\(took)")
            #expect(codes.count == 5 * each)
            #expect(codes.count { $0 == .ok } == 3 * each)
            #expect(codes.count { $0 == .notFound } == each)
            #expect(codes.count { $0 == .okExists } == 50, "every submission was accepted")
            for number in queued + running + ended {
                #expect(try await submitter.job(number).state == .known(.canceled))
            }
            try await expectSound(harness)
        }
    }

    private func expectSound(_ harness: DaemonHarness) async throws {
        let admin = try await harness.connect(.admin)
        let checks = try await admin.call(Check.self, Check.Request(isDeep: true)).checks
        #expect(checks.allSatisfy { $0.isOK }, "\(checks)")
    }
}
