// SPDX-License-Identifier: Apache-2.0
// Reelwork: the client library against a scheduler with a script.

import ReelworkClient
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

// Goal: what programs ask reaches the scheduler as the protocol says, and they are told in words
// what went wrong. Method: the real client and server, answers from a script.
@Suite(.timeLimit(.minutes(1)))
struct ReelworkClientTests {
    private func client(
        _ endpoint: String,
        _ role: ReelworkRole = .submitter
    ) async throws(ReelworkError) -> ReelworkClient {
        try await ReelworkClient.connect(
            ReelworkConfiguration(endpoints: [endpoint], role: role, agent: "test")
        )
    }

    private static func move(_ sequence: UInt64) -> Move {
        Move(
            sequence: sequence,
            from: nil,
            to: .known(.queued),
            at: Timestamp(milliseconds: 1),
            reason: "r",
            attempt: .none,
            actor: "scheduler"
        )
    }

    private static func accept(_ request: SubmitBatch.Request) -> SubmitBatch.Response {
        .init(
            results: request.items.map {
                SubmitResult(.ok, number: JobNumber(UInt64($0.key.utf8.count)), state: .queued)
            }
        )
    }

    @Test func submissionsAreCutIntoBatchesAndAnsweredInOrder() async throws {
        try await FakeScheduler.run { asked, incoming in
            guard case .submit(let request) = asked else { return [] }
            return [incoming.answer(SubmitBatch.self, Self.accept(request))]
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            let jobs = (0..<5_000).map { index in
                Submission(
                    JobSpec(input: "/in", output: "/out"),
                    key: String(repeating: "k", count: 1 + index % 200)
                )
            }
            let results = try await client.submit(jobs)
            #expect(results.map(\.number.rawValue) == jobs.map { UInt64($0.key.utf8.count) })
            #expect(scheduler.asked.count == 2)
            do throws(ReelworkError) {
                _ = try await client.submit(jobs, isAtomic: true)
                Issue.record("5,000 jobs in one request")
            } catch {
                #expect(error.code == .tooLarge)
            }
            await client.close()
        }
    }

    @Test func aSubmissionWhoseAnswerIsLostIsSentAgainWithItsKey() async throws {
        let isFirst = Atomic<Bool>(true)
        try await FakeScheduler.run { asked, incoming in
            guard case .submit(let request) = asked else { return [] }
            if isFirst.exchange(false, ordering: .relaxed) { return [incoming.hangUp()] }
            return [incoming.answer(SubmitBatch.self, Self.accept(request))]
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            let job = Submission(JobSpec(input: "/in", output: "/out"))
            let results = try await client.submit([job])
            #expect(results.count == 1)
            let keys = scheduler.asked.map { asked -> [String] in
                if case .submit(let request) = asked { request.items.map(\.key) } else { [] }
            }
            #expect(keys == [[job.key], [job.key]])
            await client.close()
        }
    }

    @Test func keysThatAreMadeDiffer() {
        let keys = Set((0..<1_000).map { _ in Submission.newKey() })
        #expect(keys.count == 1_000)
        #expect(keys.allSatisfy { $0.utf8.count <= Limits.keyBytesMax })
    }

    @Test func aBusySchedulerIsAskedAgain() async throws {
        let isFirst = Atomic<Bool>(true)
        try await FakeScheduler.run { _, incoming in
            if isFirst.exchange(false, ordering: .relaxed) {
                return [incoming.error(.busy, retryAfter: .milliseconds(1))]
            }
            return [incoming.answer(CancelJob.self, .init(results: [ItemResult(.ok)]))]
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            let results = try await client.cancel([.number(JobNumber(1))], reason: "why not")
            #expect(results == [ItemResult(.ok)])
            #expect(scheduler.asked.count == 2)
            await client.close()
        }
    }

    @Test func aRefusalIsToldOnceAndInWords() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.error(.notFound)]
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            do throws(ReelworkError) {
                _ = try await client.job(.number(JobNumber(1)))
                Issue.record("there is such a job")
            } catch {
                #expect(error.code == .refused(.known(.notFound)))
                #expect(error.message == "no NOT_FOUND")
            }
            #expect(scheduler.asked.count == 1)
            await client.close()
        }
    }

    @Test func recoveringIsNotDoneTwice() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.hangUp()]
        } _: { scheduler, _, admin in
            let client = try await client(admin, .admin)
            do throws(ReelworkError) {
                _ = try await client.recover(.allOrphans, reason: "test")
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .outcomeUnknown)
            }
            #expect(scheduler.asked.count == 1)
            await client.close()
        }
    }

    @Test func aWatchGoesOnOverANewConnectionWithoutLosingOrRepeatingAMove() async throws {
        let round = Atomic<Int>(0)
        try await FakeScheduler.run { asked, incoming in
            guard case .watch = asked else { return [] }
            func move(_ sequence: UInt64) -> RPCDelivery {
                let move = Self.move(sequence)
                let news = JobNews(number: JobNumber(5), kind: .known(.move), move: move)
                return .event(
                    Watch.self,
                    .init(events: [news]),
                    to: incoming.connection,
                    request: incoming.requestID
                )
            }
            if round.add(1, ordering: .relaxed).oldValue == 0 {
                return [move(1), move(2), incoming.hangUp()]
            }
            return [move(2), move(3), incoming.answer(Watch.self, EmptyAnswer())]
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            var sequences: [UInt64] = []
            for try await news in client.watch([.number(JobNumber(5))]) {
                if let move = news.move { sequences.append(move.sequence) }
            }
            #expect(sequences == [1, 2, 3])
            let known = scheduler.asked.map { asked -> [UInt64] in
                if case .watch(let request) = asked { request.known.map(\.sequence) } else { [] }
            }
            #expect(known == [[], [2]])
            await client.close()
        }
    }

    @Test func afterASnapshotMovesOfAnyNumberAreNews() async throws {
        let round = Atomic<Int>(0)
        try await FakeScheduler.run { asked, incoming in
            guard case .watch = asked else { return [] }
            func event(_ news: JobNews) -> RPCDelivery {
                .event(
                    Watch.self,
                    .init(events: [news]),
                    to: incoming.connection,
                    request: incoming.requestID
                )
            }
            func move(_ sequence: UInt64) -> RPCDelivery {
                let move = Self.move(sequence)
                return event(JobNews(number: JobNumber(5), kind: .known(.move), move: move))
            }
            if round.add(1, ordering: .relaxed).oldValue == 0 {
                return [move(7), incoming.hangUp()]
            }
            // A restored scheduler: it knows less than the watcher.
            let snapshot = event(JobNews(number: JobNumber(5), kind: .known(.snapshot)))
            return [snapshot, move(3), incoming.answer(Watch.self, EmptyAnswer())]
        } _: { _, rpc, _ in
            let client = try await client(rpc)
            var sequences: [UInt64?] = []
            for try await news in client.watch([.number(JobNumber(5))]) {
                sequences.append(news.move?.sequence)
            }
            #expect(sequences == [7, nil, 3])
            await client.close()
        }
    }

    @Test func theFleetIsReadToTheLastCursorAlsoOverAnEmptyPage() async throws {
        @Sendable func worker(_ name: String) -> WorkerView {
            WorkerView(
                name: name,
                state: .known(.alive),
                session: 1,
                capacity: [],
                used: [],
                open: 0,
                seenAgo: .zero,
                labels: [],
                engines: []
            )
        }
        try await FakeScheduler.run { asked, incoming in
            guard case .workers(let request) = asked else { return [] }
            let page: WorkersList.Response =
                switch request.cursor {
                case nil: .init(workers: [worker("a"), worker("b")], cursor: [1])
                case [1]: .init(workers: [], cursor: [2])
                default: .init(workers: [worker("c")], cursor: nil)
                }
            return [incoming.answer(WorkersList.self, page)]
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            #expect(try await client.workers().map(\.name) == ["a", "b", "c"])
            #expect(scheduler.asked.count == 3)
            await client.close()
        }
    }

    @Test func historyAndLogAreReadToTheirEnd() async throws {
        try await FakeScheduler.run { asked, incoming in
            switch asked {
            case .history(let request):
                let move = Self.move(request.afterSequence + 1)
                let response = History.Response(
                    ref: request.ref,
                    moves: [move],
                    hasMore: request.afterSequence < 2
                )
                return [incoming.answer(History.self, response)]
            case .log:
                func part(_ offset: UInt64, _ text: String) -> RPCDelivery {
                    .event(
                        JobLog.self,
                        .init(offset: offset, data: Array(text.utf8)),
                        to: incoming.connection,
                        request: incoming.requestID
                    )
                }
                let end = incoming.answer(JobLog.self, .init(next: 9))
                return [part(2, "abc"), part(5, "defg"), end]
            default: return []
            }
        } _: { scheduler, rpc, _ in
            let client = try await client(rpc)
            let moves = try await client.history(.number(JobNumber(1)))
            #expect(moves.map(\.sequence) == [1, 2, 3])
            let log = try await client.log(.number(JobNumber(1)))
            #expect(log.offset == 2)
            #expect(log.bytes == Array("abcdefg".utf8))
            #expect(log.next == 9)
            await client.close()
        }
    }

    @Test func administratorsReadMetricsLoopsAndChecks() async throws {
        try await FakeScheduler.run { asked, incoming in
            switch asked {
            case .metrics:
                let labels = [Label(name: "state", value: "a\"b\\c\nd")]
                let sample = Metrics.Sample(name: "reelwork_jobs", labels: labels, value: 12)
                let at = Timestamp(milliseconds: 7)
                return [incoming.answer(Metrics.self, .init(at: at, samples: [sample]))]
            case .check:
                let finding = Check.Finding(name: "fold", isOK: false, examined: 9, bad: 1)
                return [incoming.answer(Check.self, .init(checks: [finding]))]
            default: return [incoming.error(.unimplemented)]
            }
        } _: { _, _, admin in
            let client = try await client(admin, .admin)
            let metrics = try await client.metrics()
            #expect(metrics.at == Timestamp(milliseconds: 7))
            #expect(metrics.samples.map(\.line) == [#"reelwork_jobs{state="a\"b\\c\nd"} 12"#])
            let findings = try await client.check()
            #expect(findings.map(\.name) == ["fold"])
            #expect(findings.first?.isOK == false)
            do throws(ReelworkError) {
                _ = try await client.loops()
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .refused(.known(.unimplemented)))
            }
            await client.close()
        }
    }

    @Test(arguments: [
        ("unix:/tmp/reelwork-nobody-here", ReelworkError.Code.notReachable),
        ("http://localhost", .endpointInvalid),
        ("unix:" + String(repeating: "x", count: 200), .endpointInvalid),
        ("tcp:127.0.0.1", .endpointInvalid),
        ("tcp:127.0.0.1:70000", .endpointInvalid),
    ])
    func whereNobodyIsIsSaidInWords(endpoint: String, code: ReelworkError.Code) async {
        do throws(ReelworkError) {
            _ = try await client(endpoint)
            Issue.record("somebody is there")
        } catch {
            #expect(error.code == code)
            #expect(!error.message.isEmpty)
        }
    }

    @Test func theNextEndpointIsTriedWhereTheFirstIsSilent() async throws {
        try await FakeScheduler.run { _, incoming in
            [incoming.error(.notFound)]
        } _: { _, rpc, _ in
            let client = try await ReelworkClient.connect(
                ReelworkConfiguration(
                    endpoints: ["unix:/tmp/reelwork-nobody-here", rpc],
                    agent: "test"
                )
            )
            await client.close()
            do throws(ReelworkError) {
                _ = try await client.job(.number(JobNumber(1)))
                Issue.record("a closed client asks")
            } catch {
                #expect(error.code == .canceled)
            }
        }
    }
}
