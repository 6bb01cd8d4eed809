// SPDX-License-Identifier: Apache-2.0
// Reelwork: the client library over a line that breaks.

import Foundation
import ReelworkClient
import ReelworkCore
import Testing

// Goal: however a connection breaks, each job that was submitted is there once.
// Method: a real scheduler behind a proxy that cuts after a number of bytes, in both directions.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct CutTests {
    /// Every few bytes of a handshake and a submission; 7 meets every place in a frame's header.
    static let cuts = [true, false].flatMap { isOfRequests in
        stride(from: 0, through: 420, by: 7).map { Cut(isOfRequests: isOfRequests, bytes: $0) }
    }

    // The first connection is cut in the preface, in HELLO, in the middle of the request, after
    // the commit and before the answer, in the middle of the answer, and after it.
    @Test func aSubmissionIsAcceptedOnceWhereverItsConnectionIsCut() async throws {
        try await RealScheduler.run { scheduler in
            var cutCount = 0
            try await withThrowingTaskGroup(of: Int.self) { group in
                for cut in Self.cuts {
                    group.addTask {
                        let proxy = try await CuttingProxy.start(
                            on: scheduler.folder + "/\(cut.isOfRequests)-\(cut.bytes)",
                            to: scheduler.socket
                        ) { $0 == 0 ? cut : nil }
                        let client = try await scheduler.client(proxy.endpoint)
                        let job = RealScheduler.job("\(cut)")
                        let results = try await client.submit([job])
                        #expect(results.first?.code.value?.isSuccess == true, "\(cut)")
                        let view = try await client.job(.key(job.key))
                        #expect(view.number == results.first?.number, "\(cut)")
                        await client.close()
                        await proxy.close()
                        return proxy.cutCount
                    }
                }
                for try await count in group { cutCount += count }
            }
            // Most of the places lie within what passes; without cuts this would show nothing.
            #expect(cutCount > Self.cuts.count / 2)
            #expect(try await scheduler.count() == Self.cuts.count)
        }
    }

    @Test func aThousandSubmissionsOverFiftyCutsAreAThousandJobs() async throws {
        try await RealScheduler.run { scheduler in
            let proxy = try await CuttingProxy.start(
                on: scheduler.folder + "/proxy",
                to: scheduler.socket
            ) { index in
                // Beyond the handshake, and so that all connections together pass less than
                // is to be sent.
                index < 50
                    ? Cut(isOfRequests: index % 2 == 0, bytes: 200 + index * 37 % 700) : nil
            }
            let client = try await scheduler.client(proxy.endpoint)
            let numbers = Noted<Set<JobNumber>>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<1_000 {
                    group.addTask {
                        let results = try await client.submit([RealScheduler.job("\(index)")])
                        #expect(results.first?.code.value?.isSuccess == true)
                        numbers.note { numbers in
                            for result in results { numbers.insert(result.number) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(proxy.cutCount == 50)
            #expect(numbers.value.count == 1_000)
            #expect(try await scheduler.count() == 1_000)
            await client.close()
            await proxy.close()
        }
    }

    @Test func aWatchOverManyCutsSeesEveryMoveOnce() async throws {
        try await RealScheduler.run { scheduler in
            let proxy = try await CuttingProxy.start(
                on: scheduler.folder + "/proxy",
                to: scheduler.socket
            ) { index in index < 6 ? Cut(isOfRequests: false, bytes: 450 + index * 50) : nil }
            let direct = try await scheduler.client()
            let jobs = (0..<5).map { RealScheduler.job("\($0)") }
            let results = try await direct.submit(jobs)
            let refs = results.map { JobRef.number($0.number) }
            let client = try await scheduler.client(proxy.endpoint)
            let watching = Task {
                var moves: [JobNumber: [UInt64]] = [:]
                for try await news in client.watch(refs) {
                    if let move = news.move {
                        moves[news.number, default: []].append(move.sequence)
                    }
                }
                return moves
            }
            for ref in refs { _ = try await direct.cancel([ref], reason: "test") }
            // In order, none twice and, after the first that was seen, none missing.
            for (number, sequences) in try await watching.value {
                let first = sequences.first ?? 0
                let all = (first..<(first + UInt64(sequences.count))).map { $0 }
                #expect(sequences == all, "job \(number)")
            }
            #expect(proxy.connectionCount > 1)
            await client.close()
            await direct.close()
            await proxy.close()
        }
    }
}
