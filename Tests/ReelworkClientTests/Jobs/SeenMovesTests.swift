// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what a watcher has seen.

import ReelworkCore
import Testing

@testable import ReelworkClient

/// Goal: of all that a scheduler may leave out, repeat or count anew, a reader lacks no move and
/// gets none twice.
///
/// Method: tables of news and verdicts.
struct SeenMovesTests {
    /// A piece of news of one job, in short.
    enum News {
        case move(UInt64, JobState = .running)
        case snapshot(UInt64?, JobState = .running)
        case gap
        case progress
    }

    static let number = JobNumber(5)

    static func news(_ news: News) -> JobNews {
        switch news {
        case .move(let sequence, let to):
            JobNews(number: number, kind: .known(.move), move: move(sequence, to))
        case .snapshot(let sequence, let state):
            JobNews(number: number, kind: .known(.snapshot), view: view(sequence, state))
        case .gap: JobNews(number: number, kind: .known(.gap))
        case .progress: JobNews(number: number, kind: .known(.progress))
        }
    }

    static func move(_ sequence: UInt64, _ to: JobState = .running) -> Move {
        Move(
            sequence: sequence,
            from: .known(.queued),
            to: .known(to),
            at: Timestamp(milliseconds: 1),
            reason: "r",
            attempt: AttemptNumber(1),
            actor: "scheduler"
        )
    }

    static func view(_ sequence: UInt64?, _ state: JobState = .running) -> JobView {
        var view = JobView(
            id: JobID(high: 1, low: 1),
            number: number,
            state: .known(state),
            queue: .known(.standard),
            priority: .known(.medium),
            attempt: AttemptNumber(1),
            retryCount: 0,
            retriesMax: 3,
            engine: "ffmpeg",
            worker: "w",
            created: Timestamp(milliseconds: 1),
            input: "/i",
            output: "/o"
        )
        view.sequence = sequence
        return view
    }

    private func verdicts(_ script: [News], isOfAll: Bool = false) -> [SeenMoves.Verdict] {
        var seen = SeenMoves(isOfAll: isOfAll)
        return script.map { seen.take(Self.news($0)) }
    }

    @Test func movesInOrderAreShownAndThoseThatWereSeenAreNot() {
        #expect(
            verdicts([.snapshot(2), .move(3), .move(3), .progress, .move(2), .move(4)])
                == [.show, .show, .skip, .show, .skip, .show]
        )
    }

    // A gap says that moves are missing; a jump shows it too.
    @Test(arguments: [true, false])
    func whatIsMissingBeforeAMoveIsFilled(_ isGapTold: Bool) {
        let gap: [News] = isGapTold ? [.gap] : []
        let skip: [SeenMoves.Verdict] = isGapTold ? [.skip] : []
        #expect(
            verdicts([.snapshot(2)] + gap + [.move(6), .move(5), .move(7)])
                == [.show] + skip + [.fill(after: 2, before: 6), .skip, .show]
        )
    }

    @Test func aGapThatHidesNothingIsNone() {
        #expect(verdicts([.move(1), .gap, .move(2)]) == [.show, .skip, .show])
    }

    // A later snapshot, after a connection broke, stands for moves that the reader lacks.
    @Test func whatIsMissingBeforeASnapshotIsFilledToItsOwnMove() {
        #expect(
            verdicts([.move(3), .gap, .snapshot(6), .move(7), .snapshot(7), .snapshot(8)])
                == [
                    .show, .skip, .fill(after: 3, before: 7), .show, .show,
                    .fill(after: 7, before: 9),
                ]
        )
    }

    // A restored scheduler counts on from fewer moves; an older one tells no number.
    @Test(arguments: [4, nil] as [UInt64?])
    func aSnapshotOfFewerMovesBeginsAnew(_ sequence: UInt64?) {
        #expect(
            verdicts([.move(9), .snapshot(sequence), .move(5), .move(5)])
                == [.show, .show, .show, .skip]
        )
    }

    // Of a job that was there before a watch of all, only a gap tells that there was more.
    @Test func aJobOfWhichNothingWasSeenBeginsWhereItIs() {
        #expect(verdicts([.move(4)], isOfAll: true) == [.show])
        #expect(verdicts([.gap, .move(4)], isOfAll: true) == [.skip, .fill(after: 0, before: 4)])
        #expect(verdicts([.gap, .move(1)], isOfAll: true) == [.skip, .show])
    }

    // There is no end of all jobs, so what has ended takes no memory.
    @Test func ofAllJobsThoseThatHaveEndedAreForgotten() {
        for end in [News.move(4, .completed), .snapshot(4, .failed)] {
            var seen = SeenMoves(isOfAll: true)
            _ = seen.take(Self.news(.move(3)))
            #expect(seen.last == [Self.number: 3])
            _ = seen.take(Self.news(end))
            #expect(seen.last.isEmpty)
            var some = SeenMoves(isOfAll: false)
            _ = some.take(Self.news(end))
            #expect(some.last == [Self.number: 4])
        }
    }

    @Test(arguments: [0, 1, UInt64.max - 1, .max])
    func numbersAtTheEdgesOverflowNothing(_ sequence: UInt64) {
        for script in [
            [News.move(sequence)], [.gap, .move(sequence)], [.snapshot(0), .move(sequence)],
            [.snapshot(0), .snapshot(sequence)], [.snapshot(.max), .move(sequence)],
        ] {
            #expect(verdicts(script).count == script.count)
        }
    }
}
