// SPDX-License-Identifier: Apache-2.0
// Reelwork: following jobs through the real daemon

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: a watcher misses no move and sees none twice, also where it comes again, and hears of the
/// jobs that it asked for alone.
///
/// Method: a real daemon on SQLite and Unix sockets, scripted workers, watches by hand.
@Suite(.timeLimit(.minutes(1)))
struct WatchTests {
    private static let done = ReportItem.Content.finished(
        nil,
        ReportItem.Finish(hasNoFile: true)
    )

    private static func item(_ name: String, _ queue: JobQueue) -> SubmitItem {
        SubmitItem(
            key: "key-\(name)",
            spec: JobSpec(
                engine: "ffmpeg",
                queue: queue,
                input: "/in/\(name).mov",
                output: "/out/\(name).mp4"
            ).encoded
        )
    }

    @Test func whoComesAgainGetsExactlyTheMovesItLacks() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
        let (worker, _) = try await harness.worker("w1")
        let assignment = try await worker.assignment()
        _ = try await worker.report(assignment, .started(ReportItem.Start()))
        // It knows two moves; the third is in the store, the fourth comes while it watches.
        let watch = submitter.stream(
            Watch.self,
            Watch.Request(
                refs: [.number(accepted.number), .key("key-a")],
                known: [Watch.KnownMoves(number: accepted.number, sequence: 2)]
            )
        )
        var news: [JobNews] = []
        for try await event in watch {
            if news.isEmpty { _ = try await worker.report(assignment, Self.done) }
            news += event.events
        }
        #expect(news.map(\.kind) == [.known(.move), .known(.move)])
        #expect(news.map { $0.move?.sequence } == [3, 4])
        #expect(news.map { $0.move?.to } == [.known(.running), .known(.completed)])
        // Everything is known: nothing comes but the end.
        let last = submitter.stream(
            Watch.self,
            Watch.Request(
                refs: [.number(accepted.number)],
                known: [Watch.KnownMoves(number: accepted.number, sequence: 4)]
            )
        )
        for try await event in last { Issue.record("\(event)") }
        await harness.stop()
    }

    @Test func whoKnowsMoreThanTheSchedulerIsShownTheJob() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try #require(try await submitter.submit([DaemonHarness.item("a")]).first)
        let watch = submitter.stream(
            Watch.self,
            Watch.Request(
                refs: [.number(accepted.number)],
                known: [Watch.KnownMoves(number: accepted.number, sequence: 9)]
            )
        )
        var news: [JobNews] = []
        for try await event in watch {
            if news.isEmpty {
                _ = try await submitter.call(
                    CancelJob.self,
                    CancelJob.Request(refs: [.number(accepted.number)], reason: "test")
                )
            }
            news += event.events
        }
        #expect(news.map(\.kind) == [.known(.snapshot), .known(.move)])
        #expect(news.first?.view?.state == .known(.queued))
        #expect(news.last?.move?.sequence == 2)
        await harness.stop()
    }

    @Test func missedMovesBeyondAllMeasureAreAGapAndASnapshot() async throws {
        let stored = try LargeJobs.wanderer(moves: 600, reasonBytes: 4_000)
        let harness = try await DaemonHarness.start(stored: stored)
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let last = UInt64(stored.moves.count)
        for (seen, kinds) in [
            (UInt64(1), [JobNews.Kind.gap, .snapshot]),
            (last - 100, [JobNews.Kind](repeating: .move, count: 100)),
        ] {
            let watch = submitter.stream(
                Watch.self,
                Watch.Request(
                    refs: [.number(JobNumber(1))],
                    known: [Watch.KnownMoves(number: JobNumber(1), sequence: seen)]
                )
            )
            var news: [JobNews] = []
            for try await event in watch { news += event.events }
            #expect(news.map(\.kind.value) == kinds)
            if kinds.first == .move {
                #expect(news.compactMap { $0.move?.sequence } == Array(seen + 1...last))
            }
        }
        await harness.stop()
    }

    @Test func whoWatchesAllGetsWhatItLacksOfJobsThatItKnows() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try await submitter.submit([
            DaemonHarness.item("a"), DaemonHarness.item("b"),
        ])
        let refs = accepted.map { JobRef.number($0.number) }
        _ = try await submitter.call(
            CancelJob.self,
            CancelJob.Request(refs: [refs[0]], reason: "first")
        )
        let watch = submitter.stream(
            Watch.self,
            Watch.Request(
                refs: [],
                known: [
                    Watch.KnownMoves(number: accepted[0].number, sequence: 1),
                    Watch.KnownMoves(number: JobNumber(99), sequence: 1),
                ]
            )
        )
        var moves: [(JobNumber, UInt64)] = []
        for try await event in watch {
            if moves.isEmpty {
                _ = try await submitter.call(
                    CancelJob.self,
                    CancelJob.Request(refs: [refs[1]], reason: "second")
                )
            }
            #expect(event.events.allSatisfy { $0.kind == .known(.move) })
            moves += event.events.map { ($0.number, $0.move?.sequence ?? 0) }
            if moves.count == 2 { break }
        }
        #expect(moves.map(\.0) == accepted.map(\.number))
        #expect(moves.map(\.1) == [2, 2])
        await harness.stop()
    }

    @Test func whoWatchesAQueueHearsOfItAlone() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        // One that was there before, one that comes later, and others of another queue.
        let before = try await submitter.submit([
            Self.item("live1", .live), Self.item("batch1", .batch),
        ])
        let watcher = try await harness.connect(.submitter)
        let watch = watcher.stream(Watch.self, Watch.Request(refs: [], queue: .batch))
        // The answer to a later request of the same connection: the watch has begun.
        _ = try await watcher.job(before[0].number)
        let after = try await submitter.submit([
            Self.item("live2", .live), Self.item("batch2", .batch),
        ])
        let (worker, _) = try await harness.worker("w1", slots: 4)
        var assignments = worker.pushes.makeAsyncIterator()
        var open: [Assignment] = []
        while open.count < 4 {
            guard case .assign(let event)? = await assignments.next() else { continue }
            open += event.assignments
        }
        for assignment in open {
            _ = try await worker.report(assignment, .started(ReportItem.Start()))
            worker.send(
                ProgressReport.self,
                ProgressReport.Event(progress: [
                    JobProgress(
                        number: assignment.number,
                        attempt: assignment.attempt,
                        media: .seconds(1),
                        permille: 500
                    )
                ])
            )
            _ = try await worker.report(assignment, Self.done)
        }
        let wanted = Set([before[1].number, after[1].number])
        var states: [JobNumber: [JobState]] = [:]
        var progressed: Set<JobNumber> = []
        for try await event in watch {
            for news in event.events {
                if let state = news.move?.to.value {
                    states[news.number, default: []].append(state)
                }
                if news.progress != nil { progressed.insert(news.number) }
            }
            let isOver = wanted.allSatisfy { states[$0]?.last == .completed }
            if isOver, progressed.isSuperset(of: wanted) { break }
        }
        #expect(Set(states.keys) == wanted)
        #expect(progressed == wanted)
        // Its first move is told right after the answer to its SUBMIT, so maybe to this watch too.
        #expect(states[before[1].number]?.suffix(3) == [.assigned, .running, .completed])
        #expect(states[after[1].number] == [.queued, .assigned, .running, .completed])
        await harness.stop()
    }

    @Test func aNamedJobOfAnotherQueueIsNotAwaited() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let accepted = try await submitter.submit([
            Self.item("live", .live), Self.item("batch", .batch),
        ])
        _ = try await submitter.call(
            CancelJob.self,
            CancelJob.Request(refs: [.number(accepted[1].number)], reason: "test")
        )
        let watch = submitter.stream(
            Watch.self,
            Watch.Request(refs: accepted.map { .number($0.number) }, queue: .batch)
        )
        var news: [JobNews] = []
        for try await event in watch { news += event.events }
        #expect(news.map(\.number) == [accepted[1].number])
        await harness.stop()
    }

    @Test func manyLargeJobsAreAllShownAndTheConnectionStays() async throws {
        let stored = LargeJobs.many(300, parameterBytes: 20 << 10)
        let harness = try await DaemonHarness.start(stored: stored)
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let watch = submitter.stream(
            Watch.self,
            Watch.Request(refs: stored.inserts.map { .number($0.number) })
        )
        var views: [JobView] = []
        for try await event in watch {
            views += event.events.compactMap(\.view)
            if views.count == 300 { break }
        }
        #expect(views.map(\.number) == stored.inserts.map(\.number))
        #expect(views.first?.parameters.count == 1)
        #expect(views.last?.parameters.isEmpty == true)
        _ = try await submitter.job(JobNumber(1))
        await harness.stop()
    }

    @Test func watchesThatBeginWhileJobsMoveMissNothing() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let submitter = try await harness.connect(.submitter)
        let items = (0..<40).map { DaemonHarness.item("job\($0)") }
        let numbers = try await submitter.submit(items).map(\.number)
        let (worker, _) = try await harness.worker("w1", slots: 2)
        async let work: Void = {
            var limit: UInt64 = 2
            var ended = 0
            for await push in worker.pushes {
                guard case .assign(let event) = push else { continue }
                for assignment in event.assignments {
                    limit += 1
                    _ = try await worker.report(assignment, .started(ReportItem.Start()))
                    _ = try await worker.report(assignment, Self.done, limit: limit)
                    ended += 1
                }
                if ended == numbers.count { return }
            }
        }()
        // One watch of all jobs after another, until all have ended.
        var watches = 0
        var isOver = false
        while !isOver {
            var last: [JobNumber: (state: JobState, sequence: UInt64)] = [:]
            var moved = 0
            let watch = submitter.stream(
                Watch.self,
                Watch.Request(refs: numbers.map { .number($0) })
            )
            var isWhole = true
            for try await event in watch {
                for news in event.events {
                    if let view = news.view {
                        #expect(last[news.number] == nil)
                        last[news.number] = (try #require(view.state.value), 0)
                    } else if let move = news.move {
                        let before = try #require(last[news.number])
                        #expect(move.from == .known(before.state), "job \(news.number)")
                        if before.sequence > 0 { #expect(move.sequence == before.sequence + 1) }
                        last[news.number] = (try #require(move.to.value), move.sequence)
                        moved += 1
                    }
                }
                // Soon another one begins, in the midst of the moves.
                if moved >= 3 {
                    isWhole = false
                    break
                }
            }
            watches += 1
            isOver = isWhole && last.values.allSatisfy { $0.state == .completed }
        }
        try await work
        #expect(watches > 5)
        await harness.stop()
    }
}
