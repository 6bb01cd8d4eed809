// SPDX-License-Identifier: Apache-2.0
// Reelwork: logs of running encodes, asked of their workers

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: the log of a running job comes from its worker, and each answer goes to whom it is for.
///
/// Method: a real daemon; a scripted worker with two jobs answers in the wrong order.
@Suite(.timeLimit(.minutes(1)))
struct DaemonLogTests {
    /// What JOB_LOG gives: the bytes, and where they begin.
    private static func log(
        _ connection: RPCConnection,
        _ number: JobNumber,
        offset: UInt64
    ) async throws -> (offset: UInt64?, text: String) {
        var first: UInt64?
        var bytes: [UInt8] = []
        let request = JobLog.Request(ref: .number(number), attempt: .none, offset: offset)
        for try await event in connection.stream(JobLog.self, request) {
            first = first ?? event.offset
            bytes += event.data
        }
        return (first, String(decoding: bytes, as: UTF8.self))
    }

    /// The next question for a log.
    private static func question(
        _ worker: RPCConnection
    ) async throws -> (body: LogRead.Request, id: UInt32) {
        for await push in worker.pushes {
            if case .logRead(let body, let id) = push { return (body, id) }
        }
        throw RPCError(.closed, "nobody asked")
    }

    private static func answer(
        _ worker: RPCConnection,
        _ question: (body: LogRead.Request, id: UInt32)
    ) {
        let text = "log of \(question.body.number) attempt \(question.body.attempt)"
        let body = LogRead.Response(offset: question.body.offset, data: Array(text.utf8))
        worker.respond(LogRead.self, body, to: question.id)
    }

    @Test func eachAnswerGoesToWhomItIsForWhateverItsOrder() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let (worker, _) = try await harness.worker("w1", slots: 2)
            var numbers: [JobNumber] = []
            for name in ["a", "b"] {
                _ = try await submitter.submit([DaemonHarness.item(name)])
                let assignment = try await worker.assignment()
                _ = try await worker.report(assignment, .started(ReportItem.Start()))
                numbers.append(assignment.number)
            }
            let (first, second) = (numbers[0], numbers[1])
            let other = try await harness.connect(.submitter)
            async let one = Self.log(submitter, first, offset: 3)
            let questionOne = try await Self.question(worker)
            async let two = Self.log(other, second, offset: 0)
            async let three = Self.log(other, first, offset: 9)
            let questionTwo = try await Self.question(worker)
            let questionThree = try await Self.question(worker)
            for question in [questionThree, questionTwo, questionOne] {
                Self.answer(worker, question)
            }
            let answers = try await [one, two, three]
            #expect(answers.map(\.offset) == [3, 0, 9])
            #expect(
                answers.map(\.text) == [
                    "log of \(first) attempt 1", "log of \(second) attempt 1",
                    "log of \(first) attempt 1",
                ]
            )
        }
    }

    // What a worker cannot say is answered from the store, which has nothing of a running job.
    @Test func aRefusalOfTheWorkerEndsTheQuestionOfItsAskerAlone() async throws {
        try await DaemonHarness.open { harness in
            let (worker, assignment) = try await harness.running("a", on: "w1")
            let asker = try await harness.connect(.submitter)
            async let one = Self.log(asker, assignment.number, offset: 0)
            let questionOne = try await Self.question(worker)
            async let two = Self.log(asker, assignment.number, offset: 5)
            let questionTwo = try await Self.question(worker)
            let error = ErrorMessage(.notFound, detail: "no such log")
            worker.respond(error, method: .logRead, to: questionOne.id)
            #expect(try await one.text.isEmpty)
            Self.answer(worker, questionTwo)
            #expect(try await two.text == "log of \(assignment.number) attempt 1")
        }
    }
    // A worker that is stopped answers nobody: who asked hears so in time, and a late answer is
    // nobody's any more.
    @Test func aWorkerThatDoesNotAnswerIsToldOf() async throws {
        try await DaemonHarness.open { harness in
            let (worker, assignment) = try await harness.running("a", on: "w1")
            let asker = try await harness.connect(.submitter)
            let request = JobLog.Request(
                ref: .number(assignment.number),
                attempt: .none,
                offset: 0,
                tags: RequestTags(timeout: .milliseconds(200))
            )
            var hurried = asker.stream(JobLog.self, request).makeAsyncIterator()
            let question = try await Self.question(worker)
            do throws(RPCError) {
                _ = try await hurried.next()
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .remote(.known(.timeout)))
                for word in ["job \(assignment.number)", "200ms", "reelwork workers"] {
                    #expect(error.message.contains(word), "\(error.message)")
                }
            }
            Self.answer(worker, question)
            // Whoever waits longer, by default, is served by the same worker.
            async let patient = Self.log(asker, assignment.number, offset: 7)
            Self.answer(worker, try await Self.question(worker))
            #expect(try await patient.offset == 7)
        }
    }
}
