// SPDX-License-Identifier: Apache-2.0
// Reelwork: client and server over real sockets.

import Glibc
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: what two peers agree on and ask each other works over Unix and TCP. Method: a real server
// in a temporary folder, the real client, a delegate that answers.
@Suite(.timeLimit(.minutes(1)))
struct RPCConnectionTests {
    @Test(arguments: [true, false])
    func helloAgreesAndCallsAreAnswered(isUnix: Bool) async throws {
        try await Served.run { served in
            let connection = try await served.connect(to: isUnix ? served.unix : served.tcp)
            #expect(connection.terms.cluster == JobID(high: 7, low: 9))
            #expect(connection.terms.epoch == 3)
            #expect(connection.terms.agent == "test server")
            #expect(connection.terms.isCompressed)
            let answer = try await connection.call(
                GetJob.self,
                .init(ref: .number(JobNumber(12)), detail: .short)
            )
            #expect(answer.job.number == JobNumber(12))
            await connection.close()
            let isFarewell = await served.peer.wait {
                if case .closed(_, let isFarewell) = $0 { isFarewell } else { nil }
            }
            #expect(isFarewell == true)
            let peer = try #require(served.peer.peers.first)
            #expect(peer.isUnix == isUnix)
            #expect(peer.agent == "test client")
            #expect((peer.uid == geteuid()) == isUnix)
        }
    }

    @Test(arguments: [true, false])
    func aThousandPipelinedCallsAreAllAnswered(isCompressed: Bool) async throws {
        try await Served.run { served in
            var configuration = SessionConfiguration()
            configuration.isCompressionAllowed = isCompressed
            let connection = try await served.connect(.submitter, to: served.unix, configuration)
            #expect(connection.terms.isCompressed == isCompressed)
            let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
                for number in 1...UInt64(1_000) {
                    group.addTask {
                        let ref = JobRef.number(JobNumber(number))
                        let answer = try await connection.call(
                            GetJob.self,
                            .init(ref: ref, detail: .short)
                        )
                        return answer.job.number.rawValue
                    }
                }
                return try await group.reduce(into: Set<UInt64>()) { $0.insert($1) }
            }
            #expect(numbers == Set(1...1_000))
            await connection.close()
        }
    }

    @Test(arguments: [true, false])
    func aBatchOfThousandsIsOneRequest(isCompressed: Bool) async throws {
        try await Served.run {
            $0.session.isCompressionAllowed = isCompressed
        } _: { served in
            let connection = try await served.connect(to: served.tcp)
            #expect(connection.terms.isCompressed == isCompressed)
            let spec = JobSpec(input: "/in/film.mp4", output: "/out/film.mkv").encoded
            let items = (0..<Limits.batchItemsMax).map { SubmitItem(key: "key-\($0)", spec: spec) }
            let answer = try await connection.call(
                SubmitBatch.self,
                .init(isAtomic: false, items: items)
            )
            #expect(answer.results.map(\.number.rawValue) == Array(1...4_096))
            await connection.close()
        }
    }

    @Test func aRequestThatIsTooLargeIsNotSent() async throws {
        try await Served.run { served in
            let connection = try await served.connect()
            let item = SubmitItem(key: "k", spec: [UInt8](repeating: 1, count: 2 << 20))
            do throws(RPCError) {
                _ = try await connection.call(
                    SubmitBatch.self,
                    .init(isAtomic: false, items: [item])
                )
                Issue.record("it was sent")
            } catch {
                #expect(error.code == .tooLarge)
            }
            let ref = JobRef.number(JobNumber(2))
            let answer = try await connection.call(GetJob.self, .init(ref: ref, detail: .short))
            #expect(answer.job.number == JobNumber(2))
            await connection.close()
        }
    }

    @Test func anAnswerThatIsTooLargeIsAnError() async throws {
        try await Served.run { served in
            let connection = try await served.connect()
            async let answer = connection.call(
                JobLog.self,
                .init(ref: .key("k"), attempt: .none, offset: 0)
            )
            let id = try #require(
                await served.peer.wait {
                    if case .request(.jobLog, let id) = $0 { id } else { nil }
                }
            )
            let to = try #require(served.peer.peers.first).id
            let reasons = (0..<4_000).map { number in
                JobWhy.Reason(code: "c", text: String(repeating: "x", count: 300), count: number)
            }
            served.server.deliver([
                // Another method's answer is no answer to this request.
                .response(JobWhy.self, .init(reasons: reasons), to: to, request: id),
                .event(
                    JobLog.self,
                    .init(offset: 0, data: [UInt8](repeating: 1, count: 2 << 20)),
                    to: to,
                    request: id
                ),
                .response(JobLog.self, .init(next: 7), to: to, request: id),
            ])
            #expect(try await answer.next == 7)
            async let why = connection.call(JobWhy.self, .init(ref: .key("k")))
            let second = try #require(
                await served.peer.wait {
                    if case .request(.jobWhy, let id) = $0 { id } else { nil }
                }
            )
            served.server.deliver([
                .response(JobWhy.self, .init(reasons: reasons), to: to, request: second)
            ])
            do {
                _ = try await why
                Issue.record("it was sent")
            } catch let error as RPCError {
                #expect(error.code == .remote(.known(.frameTooLarge)))
            }
            await connection.close()
        }
    }

    @Test func aWorkerIsPushedToInOrderAndAnswersTheServer() async throws {
        try await Served.run { served in
            let worker = try await served.connect(.worker)
            let to = try #require(
                await served.peer.wait {
                    if case .opened(let id, .worker) = $0 { id } else { nil }
                }
            )
            let assignment = Assignment(
                id: JobID(high: 1, low: 1),
                number: JobNumber(12),
                attempt: AttemptNumber(3),
                engine: "ffmpeg",
                spec: JobSpec(input: "/in", output: "/out").encoded
            )
            let revocation = Revocation(
                number: JobNumber(12),
                attempt: AttemptNumber(3),
                because: .known(.canceled),
                grace: .zero
            )
            served.server.deliver([
                .event(Assign.self, .init(firstIndex: 1, assignments: [assignment]), to: to),
                .request(Inventory.self, EmptyRequest(), to: to, tag: 41),
                .request(
                    LogRead.self,
                    .init(number: JobNumber(12), attempt: AttemptNumber(3), offset: 5),
                    to: to,
                    tag: 42
                ),
                .event(Revoke.self, .init(revocations: [revocation]), to: to),
            ])
            var words: [String] = []
            for await push in worker.pushes {
                switch push {
                case .assign(let event): words.append("assign \(event.assignments.count)")
                case .revoke(let event): words.append("revoke \(event.revocations.count)")
                case .inventory(let request):
                    words.append("inventory \(request)")
                    let answer = Inventory.Response(assignedSeen: 1, held: [])
                    worker.respond(Inventory.self, answer, to: request)
                case .logRead(let question, let request):
                    words.append("log \(question.offset) \(request)")
                    worker.respond(ErrorMessage(.notFound), method: .logRead, to: request)
                case .canceled, .farewell, .closed: break
                }
                if words.count == 4 { break }
            }
            #expect(words == ["assign 1", "inventory 2", "log 5 4", "revoke 1"])
            let first = await served.peer.wait { heard -> Heard? in
                if case .answered = heard { heard } else { nil }
            }
            #expect(first == .answered(.inventory, tag: 41))
            let second = await served.peer.wait { heard -> Heard? in
                if case .failed = heard { heard } else { nil }
            }
            #expect(second == .failed(.logRead, .notFound, tag: 42))
            worker.send(Credit.self, .init(assignLimit: 4))
            let credit = await served.peer.wait { heard -> Heard? in
                if case .event = heard { heard } else { nil }
            }
            #expect(credit == .event(.credit))
            await worker.close()
        }
    }

    @Test func eventsComeBeforeTheResponseOfTheirRequest() async throws {
        try await Served.run { served in
            let connection = try await served.connect()
            let events = connection.stream(Watch.self, .init(refs: []))
            let id = try #require(
                await served.peer.wait {
                    if case .request(.watch, let id) = $0 { id } else { nil }
                }
            )
            let to = try #require(served.peer.peers.first).id
            served.server.deliver(
                (1...UInt64(3)).map { number in
                    let news = JobNews(number: JobNumber(number), kind: .known(.gap))
                    return .event(Watch.self, .init(events: [news]), to: to, request: id)
                } + [.response(Watch.self, EmptyAnswer(), to: to, request: id)]
            )
            var numbers: [UInt64] = []
            var iterator = events.makeAsyncIterator()
            while let event = try await iterator.next() {
                numbers += event.events.map(\.number.rawValue)
            }
            #expect(numbers == [1, 2, 3])
            #expect(events.response == EmptyAnswer())
            await connection.close()
        }
    }

    @Test func whoReadsEventsNoMoreTakesTheRequestBack() async throws {
        try await Served.run { served in
            let connection = try await served.connect()
            func readOne() async throws -> UInt32 {
                let events = connection.stream(Watch.self, .init(refs: []))
                let id = try #require(
                    await served.peer.wait {
                        if case .request(.watch, let id) = $0 { id } else { nil }
                    }
                )
                let to = try #require(served.peer.peers.first).id
                let news = JobNews(number: JobNumber(1), kind: .known(.gap))
                served.server.deliver([
                    .event(Watch.self, .init(events: [news]), to: to, request: id)
                ])
                for try await _ in events { break }
                return id
            }
            let id = try await readOne()
            let canceled = await served.peer.wait {
                if case .canceled(let id) = $0 { id } else { nil }
            }
            #expect(canceled == id)
            await connection.close()
        }
    }

    @Test func aCallThatIsGivenUpIsCanceledAtTheServer() async throws {
        try await Served.run { served in
            served.peer.hold(true)
            let connection = try await served.connect()
            let ref = JobRef.number(JobNumber(1))
            let task = Task { () async -> RPCError.Code? in
                do throws(RPCError) {
                    _ = try await connection.call(GetJob.self, .init(ref: ref, detail: .short))
                    return nil
                } catch {
                    return error.code
                }
            }
            let id = await served.peer.wait {
                if case .request(_, let id) = $0 { id } else { nil }
            }
            task.cancel()
            #expect(await task.value == .canceled)
            let canceled = await served.peer.wait {
                if case .canceled(let id) = $0 { id } else { nil }
            }
            #expect(canceled == id)
            await #expect(throws: RPCError.self) {
                _ = try await connection.call(
                    GetJob.self,
                    .init(ref: ref, detail: .short),
                    timeout: .milliseconds(20)
                )
            }
            let second = await served.peer.wait {
                if case .canceled(let id) = $0 { id } else { nil }
            }
            #expect(second != nil && second != id)
            await connection.close()
        }
    }

    @Test func callsBeyondTheLimitWaitForTheirTurn() async throws {
        try await Served.run {
            $0.session.requestsInFlightMax = 2
        } _: { served in
            served.peer.hold(true)
            let connection = try await served.connect()
            #expect(connection.terms.requestsInFlightMax == 2)
            let answers = try await withThrowingTaskGroup(of: UInt64.self) { group in
                for number in 1...UInt64(6) {
                    group.addTask {
                        try await connection.call(
                            GetJob.self,
                            .init(ref: .number(JobNumber(number)), detail: .short)
                        ).job.number.rawValue
                    }
                }
                var answered = 0
                // Each is answered only after two are there, or all that are left.
                while answered < 6 {
                    _ = await served.peer.wait {
                        if case .request = $0 { true } else { nil }
                    }
                    let kept = served.peer.kept
                    #expect(kept.count <= answered + 2)
                    guard kept.count == answered + 2 else { continue }
                    for incoming in kept[answered...] {
                        served.server.deliver([
                            .response(
                                GetJob.self,
                                .init(job: jobView(.number(JobNumber(9)))),
                                to: incoming.connection,
                                request: incoming.requestID
                            )
                        ])
                    }
                    answered += 2
                }
                return try await group.reduce(into: 0) { sum, number in sum += number }
            }
            #expect(answers == 54)
            await connection.close()
        }
    }

    @Test func openCallsFailWhenTheServerGoes() async throws {
        try await Served.run { served in
            served.peer.hold(true)
            let connection = try await served.connect()
            async let answer = connection.call(
                GetJob.self,
                .init(ref: .number(JobNumber(1)), detail: .short)
            )
            _ = await served.peer.wait {
                if case .request = $0 { true } else { nil }
            }
            await served.server.close()
            do {
                _ = try await answer
                Issue.record("it was answered")
            } catch let error as RPCError {
                #expect(error.code == .closed)
            }
            do throws(RPCError) {
                _ = try await connection.call(Loops.self, EmptyRequest())
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .notLookedAt)
            }
        }
    }

    @Test func nobodyThereIsSaidInWords() async {
        do throws(RPCError) {
            _ = try await RPCConnection.connect(
                to: .unix(path: "/tmp/reelwork-nobody-is-here"),
                role: .submitter,
                agent: "t"
            )
            Issue.record("somebody answered")
        } catch {
            #expect(error.code == .connectFailed)
            #expect(error.message.contains("is it running"))
        }
    }
}
