// SPDX-License-Identifier: Apache-2.0
// Reelwork: answers that come in pages

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

@testable import ReelworkDaemon

/// Goal: whatever is large is read whole, page by page, each thing once, by a peer of any frame.
///
/// Method: a real daemon with more than a frame holds, read to the last cursor over connections
/// with the usual frame and with the smallest.
@Suite(.timeLimit(.minutes(1)))
struct StoreReaderPagesTests {
    static let frames = [Limits.frameBytesMax, Limits.frameBytesFloor]

    @Test(arguments: frames, [UInt64(0), 4_096])
    func jobsWithLongParametersAreReadWhole(frame: Int, limit: UInt64) async throws {
        let stored = LargeJobs.many(200, parameterBytes: 20 << 10)
        let harness = try await DaemonHarness.start(stored: stored)
        defer { harness.remove() }
        let reader = try await harness.connect(.submitter, frameBytesMax: frame)
        for isOldestFirst in [true, false] {
            var jobs: [JobView] = []
            var cursor: [UInt8]?
            repeat {
                let page = try await reader.call(
                    ListJobs.self,
                    ListJobs.Request(
                        states: [],
                        queue: nil,
                        worker: "",
                        limit: limit,
                        cursor: cursor,
                        detail: .withParameters,
                        isOldestFirst: isOldestFirst
                    )
                )
                // As many as fit: a page that is not the last is more than half full.
                if page.cursor != nil, limit > 0 { #expect(page.encoded.count > frame / 2) }
                jobs += page.jobs
                cursor = page.cursor
            } while cursor != nil
            if !isOldestFirst { jobs.reverse() }
            #expect(jobs.map(\.number) == stored.inserts.map(\.number))
            let specs = try stored.inserts.map { try JobSpec.decode(spec: $0.spec) }
            #expect(jobs.map(\.parameters) == specs.map(\.parameters))
        }
        await harness.stop()
    }

    @Test func aPageHoldsNoMoreJobsThanAskedFor() async throws {
        let harness = try await DaemonHarness.start(stored: LargeJobs.many(150, parameterBytes: 1))
        defer { harness.remove() }
        let reader = try await harness.connect(.submitter)
        var request = ListJobs.Request(
            states: [],
            queue: nil,
            worker: "",
            limit: 130,
            cursor: nil,
            detail: .short,
            isOldestFirst: true
        )
        let first = try await reader.call(ListJobs.self, request)
        #expect(first.jobs.map(\.number.rawValue) == Array(1...130))
        #expect(first.cursor != nil)
        request.cursor = first.cursor
        let second = try await reader.call(ListJobs.self, request)
        #expect(second.jobs.map(\.number.rawValue) == Array(131...150))
        #expect(second.cursor == nil)
        await harness.stop()
    }

    @Test(arguments: frames)
    func aLongHistoryIsReadWhole(frame: Int) async throws {
        let stored = try LargeJobs.wanderer(moves: 600, reasonBytes: 4_000)
        let harness = try await DaemonHarness.start(stored: stored)
        defer { harness.remove() }
        let reader = try await harness.connect(.submitter, frameBytesMax: frame)
        var moves: [Move] = []
        var hasMore = true
        while hasMore {
            let page = try await reader.call(
                History.self,
                History.Request(
                    ref: .number(JobNumber(1)),
                    afterSequence: moves.last?.sequence ?? 0,
                    limit: 4_096
                )
            )
            #expect(!page.moves.isEmpty)
            moves += page.moves
            hasMore = page.hasMore && !page.moves.isEmpty
        }
        #expect(moves == stored.moves.map(\.move))
        await harness.stop()
    }

    /// Workers with long engines, and one whose engines alone do not fit the smallest frame.
    private func fleet(_ harness: DaemonHarness) async throws -> [RPCConnection] {
        var connections: [RPCConnection] = []
        for index in 0..<300 {
            let number = index * 7 % 300
            let connection = try await harness.connect(.worker)
            let encoders = (0..<(number == 150 ? 2_000 : 50)).map { encoder in
                "encoder-\(number)-\(encoder)-" + String(repeating: "x", count: 80)
            }
            _ = try await connection.call(
                Register.self,
                Register.Request(
                    worker: WorkerRegistration(
                        name: "worker-\(number)",
                        incarnation: 1,
                        capacity: [ResourceAmount(name: ResourceAmount.slotName, amount: 1)],
                        engines: [EngineReport(name: "ffmpeg", version: "1", encoders: encoders)]
                    ),
                    held: []
                )
            )
            connections.append(connection)
        }
        return connections
    }

    @Test func aLargeFleetIsReadWholeAndInOrder() async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let connections = try await fleet(harness)
        let names = (0..<300).map { "worker-\($0)" }.sorted()
        for frame in Self.frames {
            let reader = try await harness.connect(.submitter, frameBytesMax: frame)
            var workers: [WorkerView] = []
            var cursor: [UInt8]?
            repeat {
                let page = try await reader.call(
                    WorkersList.self,
                    WorkersList.Request(name: "", detail: .withEngines, cursor: cursor)
                )
                workers += page.workers
                cursor = page.cursor
            } while cursor != nil
            #expect(workers.map(\.name) == names)
            let cut = workers.filter(\.isCut)
            #expect(cut.map(\.name) == (frame == Limits.frameBytesFloor ? ["worker-150"] : []))
            #expect(cut.allSatisfy { $0.engines.isEmpty && !$0.capacity.isEmpty })
            #expect(
                workers.allSatisfy { $0.isCut || $0.engines.first?.encoders.count ?? 0 >= 50 }
            )
        }
        let reader = try await harness.connect(.submitter)
        let one = try await reader.call(
            WorkersList.self,
            WorkersList.Request(name: "worker-7", detail: .short, cursor: nil)
        )
        #expect(one.workers.map(\.name) == ["worker-7"])
        #expect(one.cursor == nil)
        #expect(connections.count == 300)
        await harness.stop()
    }

    @Test func aWorkerTooLargeForItsFrameLosesItsLabelsToo() {
        let label = Label(name: "l", value: String(repeating: "v", count: 200))
        var worker = WorkerView(
            name: "w",
            state: .known(.alive),
            session: 1,
            capacity: [],
            used: [],
            open: 0,
            seenAgo: .zero,
            labels: [Label](repeating: label, count: 1_000),
            engines: []
        )
        let cut = StoreReader.fitting([worker], PageRoom(frameBytesMax: Limits.frameBytesFloor))
        worker.labels = []
        worker.isCut = true
        #expect(cut == [worker])
    }

    @Test(arguments: [[], [1], [0xFF, 0xFE], [UInt8](repeating: 0, count: 9)])
    func aForeignCursorIsRefused(cursor: [UInt8]) async throws {
        let harness = try await DaemonHarness.start()
        defer { harness.remove() }
        let reader = try await harness.connect(.submitter)
        let jobs = ListJobs.Request(
            states: [],
            queue: nil,
            worker: "",
            limit: 0,
            cursor: cursor,
            detail: .short
        )
        await #expect(throws: RPCError.self) { try await reader.call(ListJobs.self, jobs) }
        if String(validating: cursor, as: UTF8.self)?.isEmpty ?? true {
            let workers = WorkersList.Request(name: "", detail: .short, cursor: cursor)
            await #expect(throws: RPCError.self) {
                try await reader.call(WorkersList.self, workers)
            }
        }
        await harness.stop()
    }
}
