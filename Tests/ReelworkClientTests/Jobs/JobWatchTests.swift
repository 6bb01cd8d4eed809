// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of watches whose scheduler leaves moves out.

import ReelworkClient
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

// Goal: a program sees every move once and in order, whatever the scheduler left out for a slow
// reader, and is told where a move is nowhere any more.
// Method: a scheduler by script that leaves moves out and has them in its history, page by page.
@Suite(.timeLimit(.minutes(1)))
struct JobWatchTests {
    /// What the history still has.
    enum Kept: CaseIterable {
        case all, some, nothing
    }

    private static func events(_ news: [JobNews], _ incoming: RPCIncoming) -> RPCDelivery {
        .event(
            Watch.self,
            .init(events: news),
            to: incoming.connection,
            request: incoming.requestID
        )
    }

    private static func page(
        _ request: History.Request,
        _ kept: [UInt64],
        _ incoming: RPCIncoming
    ) -> RPCDelivery {
        guard !kept.isEmpty else { return incoming.error(.notFound) }
        // Two at a time, and moves that came later, as a history has them.
        let moves = kept.filter { $0 > request.afterSequence }
        return incoming.answer(
            History.self,
            History.Response(
                ref: request.ref,
                moves: moves.prefix(2).map { SeenMovesTests.move($0) },
                hasMore: moves.count > 2
            )
        )
    }

    private static func words(_ news: JobNews) -> String {
        switch news.kind {
        case .known(.move): "\(news.move?.sequence ?? 0)"
        case .known(.snapshot): "snapshot"
        case .known(.gap): "gap"
        case .known(.progress), .unknown: "progress"
        }
    }

    @Test(arguments: Kept.allCases)
    func whatWasLeftOutIsReadFromTheHistory(_ kept: Kept) async throws {
        let (sequences, expected): ([UInt64], [String]) =
            switch kept {
            case .all: (Array(1...9), ["snapshot", "3", "4", "5", "6", "progress", "7", "8", "9"])
            // A history that was cut says less; the reader hears that some are missing.
            case .some: ([5, 8], ["snapshot", "3", "5", "gap", "6", "progress", "8", "gap", "9"])
            case .nothing: ([], ["snapshot", "3", "gap", "6", "progress", "gap", "9"])
            }
        try await FakeScheduler.run { asked, incoming in
            switch asked {
            case .watch:
                let first: [SeenMovesTests.News] = [
                    .snapshot(2), .move(3), .gap, .move(6), .progress, .move(9), .move(8),
                ]
                return [
                    Self.events(first.map { SeenMovesTests.news($0) }, incoming),
                    incoming.answer(Watch.self, EmptyAnswer()),
                ]
            case .history(let request): return [Self.page(request, sequences, incoming)]
            default: return []
            }
        } _: { _, rpc, _ in
            let client = try await ReelworkClient.connect(
                ReelworkConfiguration(endpoints: [rpc], agent: "test")
            )
            var shown: [String] = []
            for try await news in client.watch([.number(SeenMovesTests.number)]) {
                shown.append(Self.words(news))
            }
            #expect(shown == expected)
            await client.close()
        }
    }
}
