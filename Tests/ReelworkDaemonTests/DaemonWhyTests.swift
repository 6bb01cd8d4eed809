// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of JOB_WHY over a socket

import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: whoever may read is told why a job stands where it does, in every state, from a scheduler
/// that runs, was restarted, or has no room on its disk; no answer is too large for a frame.
///
/// Method: a real daemon on SQLite and Unix sockets, scripted workers.
@Suite(.timeLimit(.minutes(1)))
struct DaemonWhyTests {
    private static let end = ReportItem.Content.finished(nil, ReportItem.Finish(hasNoFile: true))

    private func why(_ connection: RPCConnection, _ ref: JobRef) async throws -> JobWhy.Response {
        try await connection.call(JobWhy.self, JobWhy.Request(ref: ref))
    }

    private func codes(_ connection: RPCConnection, _ number: JobNumber) async throws -> [String] {
        try await why(connection, .number(number)).reasons.map(\.code)
    }

    @Test func aJobIsExplainedFromItsSubmissionToItsEndAndAfterARestart() async throws {
        try await DaemonHarness.open(
            first: { harness in
                let submitter = try await harness.connect(.submitter)
                let job = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
                let queued = try await why(submitter, .key("key-a"))
                #expect(queued.reasons.map(\.code) == ["no_worker", "unfit_grace"])
                #expect(queued.number == job.number && queued.state == .known(.queued))
                #expect(queued.place == 1 && queued.rank != nil && queued.nextAt != nil)
                let (worker, _) = try await harness.worker("w1")
                let assignment = try await worker.assignment()
                let assigned = try await why(submitter, .id(job.id))
                #expect(assigned.reasons.map(\.code) == ["assigned"])
                #expect(assigned.state == .known(.assigned) && assigned.place == nil)
                _ = try await worker.report(assignment, .started(ReportItem.Start()))
                #expect(try await codes(submitter, job.number) == ["running", "deadline"])
                let other = try await submitter.submit([DaemonHarness.item("b")])[0]
                let busy = try await why(submitter, .number(other.number))
                #expect(busy.reasons.map(\.code) == ["busy"])
                #expect(busy.workers.map(\.name) == ["w1"] && busy.workers.map(\.code) == ["busy"])
                _ = try await worker.report(assignment, Self.end)
                #expect(try await codes(submitter, job.number) == ["completed"])
                return (job.number, other.number)
            },
            second: { harness, jobs in
                let submitter = try await harness.connect(.submitter)
                #expect(try await codes(submitter, jobs.0) == ["completed"])
                #expect(try await codes(submitter, jobs.1) == ["dead"])
                let request = JobsRequest(refs: [.number(jobs.1)], reason: "no more")
                _ = try await submitter.call(CancelJob.self, request)
                let canceled = try await why(submitter, .number(jobs.1))
                #expect(canceled.reasons.map(\.code) == ["user_canceled"])
                #expect(canceled.reasons[0].text.hasPrefix("it was canceled by uid:"))
                #expect(canceled.reasons[0].text.hasSuffix(": no more"))
                #expect(canceled.nextAt == nil && canceled.workers.isEmpty)
            }
        )
    }

    @Test(arguments: [JobRef.number(JobNumber(7)), .key("none"), .id(JobID(high: 1, low: 2))])
    func aJobThatIsNotThereIsNotFound(_ ref: JobRef) async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            do {
                _ = try await why(submitter, ref)
                Issue.record("there is such a job")
            } catch let error as RPCError {
                #expect(error.code == .remote(.known(.notFound)))
                #expect(error.message.contains("`reelwork jobs`"))
            }
        }
    }

    // The end of a job comes between the store's answer, which still has it running, and the
    // scheduler's, which knows it no more.
    @Test func aJobThatEndsWhileItIsLookedUpIsAnsweredAllTheSame() async throws {
        try await sick { harness, store in
            let (worker, assignment) = try await harness.running("a", on: "w1")
            let submitter = try await harness.connect(.submitter)
            store.holdRead()
            async let asked = codes(submitter, assignment.number)
            for await _ in store.readsBegun { break }
            let told = try await worker.report(assignment, Self.end)
            #expect(told.code == .known(.ok))
            // Where this is answered, the scheduler has heard that the end is on disk.
            _ = try await worker.report(assignment, Self.end)
            store.letReadGo()
            #expect(try await asked == ["completed"])
        }
    }

    @Test func manyQuestionsWhileJobsEndHaveAnAnswerEach() async throws {
        try await DaemonHarness.open { harness in
            let submitter = try await harness.connect(.submitter)
            let count = 60
            let jobs = try await submitter.submit(
                (0..<count).map { DaemonHarness.item("job-\($0)") }
            ).map(\.number)
            let (worker, _) = try await harness.worker("w1")
            async let answers = withThrowingTaskGroup(of: [String].self) { group in
                for number in jobs + jobs + jobs {
                    group.addTask { try await codes(submitter, number) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for index in 1...count {
                let assignment = try await worker.assignment()
                _ = try await worker.report(assignment, Self.end, limit: UInt64(index + 1))
            }
            let all = try await answers
            #expect(all.count == 3 * count && all.allSatisfy { !$0.isEmpty })
            for number in jobs {
                #expect(try await codes(submitter, number) == ["completed"])
            }
        }
    }

    // The longest names and labels there are, for a peer with the smallest frames.
    @Test func aLargeFleetIsCutToWhatFitsIntoAFrame() async throws {
        try await DaemonHarness.open { harness in
            var workers: [RPCConnection] = []
            for index in 0..<(Limits.whyWorkersMax + 6) {
                let tail = String(repeating: "ö", count: (Limits.workerNameBytesMax - 4) / 2)
                workers.append(try await harness.worker("\(1_000 + index)\(tail)").connection)
            }
            let submitter = try await harness.connect(
                .submitter,
                frameBytesMax: Limits.frameBytesFloor
            )
            let value = String(repeating: "日", count: 40)
            var spec = JobSpec(engine: "ffmpeg", input: "/in/a", output: "/out/a.mp4")
            spec.require = (0..<60).map { Label(name: "label-\($0)", value: value) }
            let item = SubmitItem(key: "a", spec: spec.encoded)
            let job = try #require(try await submitter.submit([item]).first)
            let answer = try await why(submitter, .number(job.number))
            #expect(answer.workers.count == Limits.whyWorkersMax && answer.isCut)
            #expect(answer.workers.map(\.name) == answer.workers.map(\.name).sorted())
            #expect(answer.workers.allSatisfy { $0.code == "missing_label" })
            #expect(answer.reasons.map(\.count) == [UInt64(workers.count), 0])
            let texts = answer.reasons.map(\.text) + answer.workers.map(\.text)
            #expect(texts.allSatisfy { $0.utf8.count <= Limits.whyTextBytesMax })
            #expect(texts.contains { $0.hasSuffix("…") })
            #expect(!texts.contains { $0.unicodeScalars.contains("\u{FFFD}") })
        }
    }

    @Test func aFullDiskDelaysNoAnswer() async throws {
        try await sick { harness, store in
            let (worker, assignment) = try await harness.running("a", on: "w1")
            let submitter = try await harness.connect(.submitter)
            let queued = try #require(try await submitter.submit([DaemonHarness.item("b")]).first)
            let ended = try #require(try await submitter.submit([DaemonHarness.item("c")]).first)
            let request = JobsRequest(refs: [.number(ended.number)], reason: "")
            _ = try await submitter.call(CancelJob.self, request)
            store.fill(true)
            let waiting = Task { try await submitter.submit([DaemonHarness.item("d")]) }
            for await _ in store.refusals { break }
            let other = try await harness.connect(.submitter)
            #expect(try await codes(other, assignment.number) == ["running", "deadline"])
            #expect(try await codes(other, queued.number) == ["busy"])
            #expect(try await codes(other, ended.number) == ["user_canceled"])
            store.fill(false)
            #expect(try await waiting.value.first?.code == .known(.ok))
            withExtendedLifetime(worker) {}
        }
    }

    /// Runs a test with a daemon whose store can be made ill.
    private func sick(_ body: (DaemonHarness, SickStore) async throws -> Void) async throws {
        let folder = DaemonHarness.temporaryFolder()
        defer { DaemonHarness.remove(folder) }
        var made: SickStore?
        let harness = try await DaemonHarness.start(in: folder) { store in
            let sick = SickStore(store)
            made = sick
            return sick
        }
        let store = try #require(made)
        do {
            try await body(harness, store)
        } catch {
            store.letReadGo()
            await harness.stop()
            throw error
        }
        await harness.stop()
    }
}
