// SPDX-License-Identifier: Apache-2.0
// Reelwork: news that wait for a slow watcher

import ReelworkCore
import Testing

@testable import ReelworkDaemon

/// Goal: few news wait as they are; many are merged so that the last move of each job is there,
/// behind a gap where others are not, and memory follows the number of jobs.
///
/// Method: the value alone.
struct WaitingNewsTests {
    private func move(_ number: UInt64, _ sequence: UInt64, to state: JobState) -> JobNews {
        JobNews(
            number: JobNumber(number),
            kind: .known(.move),
            move: Move(
                sequence: sequence,
                from: nil,
                to: .known(state),
                at: Timestamp(milliseconds: 1),
                reason: "test",
                attempt: AttemptNumber(1),
                worker: "w",
                actor: "a"
            )
        )
    }

    private func progress(_ number: UInt64) -> JobNews {
        JobNews(
            number: JobNumber(number),
            kind: .known(.progress),
            progress: JobProgress(
                number: JobNumber(number),
                attempt: AttemptNumber(1),
                media: .seconds(1),
                permille: nil
            )
        )
    }

    private func rest(_ waiting: inout WaitingNews) -> [JobNews] {
        var all: [JobNews] = []
        while !waiting.isEmpty { all += waiting.take(bytes: 1_000) }
        return all
    }

    @Test func fewAreKeptAsTheyAre() {
        var waiting = WaitingNews()
        let news = [move(1, 1, to: .queued), move(1, 2, to: .assigned), progress(1), progress(1)]
        for piece in news { waiting.add(piece) }
        #expect(rest(&waiting) == news)
        #expect(waiting.isEmpty)
        #expect(waiting.bytes == 0)
    }

    @Test func manyAreMergedJobByJobAndTheLastMoveStays() {
        var waiting = WaitingNews()
        for sequence in 1...UInt64(20_000) {
            waiting.add(move(1 + sequence % 3, sequence, to: .running))
            waiting.add(progress(1 + sequence % 3))
            #expect(waiting.bytes <= 2 * Limits.outboundBytesSoft)
        }
        waiting.add(move(9, 1, to: .queued))
        for number in UInt64(1)...3 {
            waiting.add(move(number, 30_000 + number, to: .completed))
        }
        let left = rest(&waiting)
        for number in UInt64(1)...3 {
            let own = left.filter { $0.number == JobNumber(number) }
            #expect(own.first?.kind == .known(.gap), "moves were left out before it")
            #expect(own.last { $0.move != nil }?.move?.sequence == 30_000 + number)
            let sequences = own.compactMap { $0.move?.sequence }
            #expect(sequences == sequences.sorted())
        }
        #expect(left.filter { $0.number == JobNumber(9) }.map(\.kind) == [.known(.move)])
    }

    @Test func progressOfAStateThatIsOverIsForgotten() {
        var waiting = WaitingNews()
        for _ in 0..<10_000 { waiting.add(progress(1)) }
        waiting.add(move(1, 5, to: .completed))
        for _ in 0..<10_000 { waiting.add(progress(2)) }
        let left = rest(&waiting)
        #expect(left.filter { $0.number == JobNumber(1) }.map(\.kind) == [.known(.move)])
    }
}
