// SPDX-License-Identifier: Apache-2.0
// Reelwork: pages are read when they are wanted

import ReelworkCore
import ReelworkRPC
import Synchronization
import Testing

@testable import ReelworkDaemon

/// Goal: who asks for many pages and takes none costs one; pages hold up no other read, and few lie
/// in memory however many ask.
///
/// Method: the pool alone; the test holds the tickets, so it is the peers that do not read.
@Suite(.timeLimit(.minutes(1)))
struct ReadPoolTests {
    private final class Peers: Sendable {
        let begun: AsyncStream<String>
        private let source: AsyncStream<String>.Continuation
        private let tickets = Mutex<[String: DeliveryTicket]>([:])
        private let begunNames = Mutex<[String]>([])
        var names: [String] { begunNames.withLock { $0 } }

        init() { (begun, source) = AsyncStream.makeStream(bufferingPolicy: .unbounded) }

        func page(_ name: String) -> @Sendable (DeliveryTicket) -> Void {
            { [self] ticket in
                tickets.withLock { $0[name] = ticket }
                begunNames.withLock { $0.append(name) }
                source.yield(name)
            }
        }

        /// The peer takes its page, or is gone.
        func give(back name: String) { _ = tickets.withLock { $0.removeValue(forKey: name) } }

        func next() async -> String? {
            for await name in begun { return name }
            return nil
        }
    }

    private func run(_ body: (ReadPool, Peers) async throws -> Void) async throws {
        let pool = try ReadPool(threads: 1, tasksMax: 100)
        let peers = Peers()
        try await body(pool, peers)
        pool.close()
    }

    @Test func theNextPageOfAConnectionIsReadWhenItHasTakenTheLast() async throws {
        try await run { pool, peers in
            for name in ["a0", "a1", "a2"] { #expect(pool.runPage(for: 1, peers.page(name))) }
            #expect(pool.runPage(for: 2, peers.page("b0")))
            #expect(await peers.next() == "a0")
            #expect(await peers.next() == "b0", "a has taken nothing yet")
            // More turns than those after which whoever had one goes before whoever comes new.
            for turn in 1...8 {
                peers.give(back: "b\(turn - 1)")
                #expect(pool.runPage(for: 2, peers.page("b\(turn)")))
                #expect(await peers.next() == "b\(turn)")
            }
            #expect(!peers.names.contains("a1"))
            peers.give(back: "a0")
            #expect(await peers.next() == "a1")
        }
    }

    @Test func soManyPagesAreOnTheirWayAndOtherReadsGoOn() async throws {
        try await run { pool, peers in
            for connection in UInt64(1)...10 {
                #expect(pool.runPage(for: connection, peers.page("\(connection)")))
            }
            for connection in 1...Limits.pagesOnTheirWayMax {
                #expect(await peers.next() == "\(connection)")
            }
            await withCheckedContinuation { done in
                #expect(pool.run(for: 11) { done.resume() })
            }
            peers.give(back: "2")
            #expect(await peers.next() == "\(Limits.pagesOnTheirWayMax + 1)")
            #expect(peers.names.count == Limits.pagesOnTheirWayMax + 1)
        }
    }

    @Test func whatAGoneConnectionAskedIsNotRead() async throws {
        try await run { pool, peers in
            for name in ["a0", "a1"] { #expect(pool.runPage(for: 1, peers.page(name))) }
            #expect(await peers.next() == "a0")
            pool.forget(1)
            peers.give(back: "a0")
            #expect(pool.runPage(for: 2, peers.page("b0")))
            #expect(await peers.next() == "b0")
        }
    }
}
