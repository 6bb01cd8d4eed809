// SPDX-License-Identifier: Apache-2.0
// Reelwork: a loop that finds a bug

import Dispatch
import ReelworkCore
import ReelworkEngineKit
import ReelworkTestKit
import ReelworkWire
import Synchronization
import Testing

@testable import ReelworkDaemon
@testable import ReelworkScheduling

/// Goal: R7: each loop fails alone: what it finds broken is counted and shown, it goes on, and a
/// run by hand is answered after its commit.
///
/// Method: the deciding thread as it is, on a store in memory; the scheduler that it is given has a
/// broken record.
@Suite(.timeLimit(.minutes(1)))
struct SchedulerLoopTests {
    /// What left: the answers, each with the moves of its commit.
    typealias Left = (answer: ItemResult?, moves: [MoveRow])

    private static let tag = RequestTag(connection: 9, request: 1, method: .loopSet)

    private static let moment = Moment(
        boot: BootInstant(nanoseconds: 0),
        wall: Timestamp(milliseconds: 1_700_000_000_000)
    )

    /// A worker that holds job 1.
    private static func scheduler(on store: MemoryJobStore) throws -> Scheduler {
        var scheduler = Scheduler(policy: SchedulerPolicy(), random: RandomSource(seed: 1, 2))
        let session = SessionID(rawValue: 1)
        let registration = WorkerRegistration(
            name: "w1",
            incarnation: 1,
            capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
            engines: [EngineReport(name: "ffmpeg", version: "7", encoders: [])]
        )
        let spec = JobSpec(engine: "ffmpeg", input: "/in", output: "/out")
        let requirement = JobRequirement(
            candidates: [EngineCandidate(engine: "ffmpeg", encoders: [])]
        )
        let submission = Submission(
            key: "k",
            bytes: spec.encoded,
            content: .success(Submission.Content(spec: spec, requirement: requirement))
        )
        let inputs: [SchedulerInput] = [
            .register(tag, session, registration, held: []),
            .credit(session, assignLimit: 1, isDraining: nil),
            .submit(tag, [submission], isAtomic: false, actor: "uid:1"),
        ]
        for input in inputs { scheduler.handle(input, now: moment) }
        try store.apply(scheduler.settle(now: moment).batch)
        return scheduler
    }

    /// Runs a test with the thread that decides, and what leaves it.
    private func run(
        _ plant: (inout Scheduler) -> Void,
        _ body: (Inbox, LoopBoard, AsyncStream<Left>) async throws -> Void
    ) async throws {
        let store = MemoryJobStore()
        var scheduler = try Self.scheduler(on: store)
        plant(&scheduler)
        let (left, source) = AsyncStream<Left>.makeStream()
        let send: @Sendable ([SchedulerOutput], [MoveRow]) -> Void = { outputs, moves in
            for case .answer(_, .results(let results)) in outputs {
                source.yield((results.first, moves))
            }
        }
        let inbox = try Inbox()
        let pipeline = try CommitPipeline(
            store: store,
            handlers: CommitPipeline.Handlers(
                release: { _, effects in send(effects.outputs, effects.batch.moves) },
                releaseNow: { send($0, []) },
                changed: { inbox.ring() },
                readOnly: { _ in },
                exit: { Issue.record("the store failed: \($0)") },
                measured: { _, _ in }
            )
        )
        // No turn comes by itself.
        let never = Duration.seconds(1_000_000_000)
        let board = LoopBoard(
            LoopIntervals(scheduling: never, health: never, cleanup: never),
            now: Self.moment.boot
        )
        let loop = SchedulerLoop(
            inbox: inbox,
            pipeline: pipeline,
            store: store,
            contents: SpecContents(engines: EngineRegistry()),
            loops: board,
            gate: WriteGate(inbox: inbox),
            releaseNow: { send($0, []) },
            resume: { _ in },
            exit: { Issue.record("the store failed: \($0)") }
        )
        try pipeline.start()
        try loop.start(scheduler)
        do {
            try await body(inbox, board, left)
        } catch {
            loop.stop()
            pipeline.stop()
            throw error
        }
        loop.stop()
        pipeline.stop()
    }

    private func next(_ left: AsyncStream<Left>) async -> Left? {
        for await one in left { return one }
        return nil
    }

    private func order(_ name: String, _ action: LoopOrder.Action) -> Letter {
        .loop(Self.tag, LoopOrder(name: name, action: action, reason: "test", actor: "uid:0"))
    }

    @Test func aLoopThatFindsABugIsCountedAndGoesOn() async throws {
        try await run { scheduler in
            guard let index = scheduler.fleet.index(named: "w1") else { return }
            let unset = Scheduler(policy: SchedulerPolicy(), random: RandomSource(seed: 1, 2))
            scheduler.timers = unset.timers
            scheduler.runs[JobNumber(1)]?.timerAt = .distantFuture
            scheduler.fleet[index].state = .dead
        } _: { inbox, board, left in
            inbox.post(order("cleanup", .run))
            let first = try #require(await next(left))
            #expect(first.answer?.code == .known(.internal))
            #expect(first.answer?.detail?.contains("job #1 was in dead hands") == true)
            // The answer left with the commit of what the run changed.
            #expect(first.moves.map(\.step.to) == [.retrying])
            for name in ["cleanup", "health", "scheduling"] {
                inbox.post(order(name, .run))
                #expect(await next(left)?.answer?.code == .known(.ok), "\(name)")
            }
            let records = Dictionary(
                uniqueKeysWithValues: board.all.map { ($0.loop.name, $0.record) }
            )
            #expect(records["cleanup"]?.errors == 1 && records["cleanup"]?.runs == 2)
            #expect(records["cleanup"]?.lastError?.contains("dead hands") == true)
            #expect(records["cleanup"]?.isRunning == true)
            #expect(records["health"]?.errors == 0 && records["health"]?.runs == 1)
            #expect(records["scheduling"]?.errors == 0 && records["scheduling"]?.runs == 1)
        }
    }

    @Test func aStoppedLoopHasNoTurnUntilItIsStarted() async throws {
        try await run { _ in
        } _: { inbox, board, left in
            for name in ["health", "health", "nothing"] {
                inbox.post(order(name, .stop))
                let code = await next(left)?.answer?.code
                #expect(code == .known(name == "health" ? .ok : .notFound))
            }
            #expect(board.all.map(\.record.isRunning) == [true, false, true])
            let far = BootInstant(nanoseconds: Int64.max / 2)
            #expect(board.due(now: far) == [.scheduling, .cleanup])
            inbox.post(order("health", .run))
            #expect(await next(left)?.answer?.code == .known(.ok))
            #expect(board.all.map(\.record.runs) == [0, 1, 0])
            #expect(board.all.map(\.record.isRunning) == [true, false, true])
            inbox.post(order("health", .start))
            #expect(await next(left)?.answer?.code == .known(.ok))
            #expect(board.all.map(\.record.isRunning) == [true, true, true])
        }
    }
}
