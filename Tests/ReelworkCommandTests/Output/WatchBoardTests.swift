// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the board of watched jobs

import ReelworkCore
import Testing

@testable import reelwork

// Goal: the board says where jobs stand, fits its screen and gives the exit code. Method: news in,
// lines out, no terminal.
struct WatchBoardTests {
    private func view(_ number: UInt64, _ state: JobState) -> JobNews {
        let view = JobView(
            id: JobID(high: 0, low: number),
            number: JobNumber(number),
            state: .known(state),
            queue: .known(.standard),
            priority: .known(.medium),
            attempt: AttemptNumber(1),
            retryCount: 0,
            retriesMax: 3,
            engine: "ffmpeg",
            worker: "w1",
            created: Timestamp(milliseconds: 0),
            input: "/in",
            output: "/out/film-\(number).mp4"
        )
        return JobNews(number: JobNumber(number), kind: .known(.snapshot), view: view)
    }

    private func move(_ number: UInt64, _ to: JobState) -> JobNews {
        let move = Move(
            sequence: 9,
            from: .known(.running),
            to: .known(to),
            at: Timestamp(milliseconds: 1_000),
            reason: "because",
            attempt: AttemptNumber(1),
            worker: "w1",
            actor: "scheduler"
        )
        return JobNews(number: JobNumber(number), kind: .known(.move), move: move)
    }

    private func progress(_ permille: UInt32) -> JobNews {
        let progress = JobProgress(
            number: JobNumber(1),
            attempt: AttemptNumber(1),
            media: .seconds(1),
            permille: permille,
            speedMilli: 2_345,
            remaining: .seconds(65)
        )
        return JobNews(number: JobNumber(1), kind: .known(.progress), progress: progress)
    }

    @Test func tellsEachQuarterOnce() {
        var board = WatchBoard()
        _ = board.take(view(1, .running))
        let lines = [100, 260, 300, 510, 990].flatMap { board.take(progress($0)) }
        #expect(
            lines == [
                "#1  film-1.mp4  26 %  2.3x  ETA 1:05", "#1  film-1.mp4  51 %  2.3x  ETA 1:05",
                "#1  film-1.mp4  99 %  2.3x  ETA 1:05",
            ]
        )
    }

    @Test func noNameReachesTheTerminalAsItIs() {
        // Goal: a file's name moves no cursor and makes no second line, in any line.
        let title = "a\u{1b}[2J\nb.mp4"
        var board = WatchBoard(titles: [JobNumber(1): title])
        var lines = board.take(view(1, .running)) + board.take(progress(510))
        lines += board.take(move(1, .completed))
        #expect(lines.count == 3)
        for line in lines {
            #expect(line.contains("a\\u{1b}[2J\\u{a}b.mp4"), "\(line)")
            #expect(!line.contains("\n") && !line.contains("\u{1b}"))
        }
    }

    @Test func aNoticeStandsBelowTheJobs() {
        var board = WatchBoard()
        _ = board.take(view(1, .running))
        #expect(board.lines(on: Terminal(descriptor: -1), columns: 80, rows: 9).count == 1)
        board.notice = "the scheduler is away"
        let lines = board.lines(on: Terminal(descriptor: -1), columns: 80, rows: 9)
        #expect(lines.count == 2 && lines.last?.contains("the scheduler is away") == true)
    }

    @Test func saysWhatFollowsTheEncode() {
        // Goal: a film that is verified does not stand at its last percent without a word.
        var board = WatchBoard()
        _ = board.take(view(1, .running))
        _ = board.take(progress(990))
        let phases: [JobProgress.Phase?] = [.verifying, .verifying, .publishing, nil]
        let lines = phases.flatMap { phase in
            var news = progress(1_000)
            news.progress?.phase = phase.map { .known($0) }
            return board.take(news)
        }
        #expect(lines.prefix(2) == ["#1  film-1.mp4  verifying", "#1  film-1.mp4  publishing"])
        #expect(lines.count == 3, "each phase once: \(lines)")
        var news = progress(1_000)
        news.progress?.phase = .known(.verifying)
        _ = board.take(news)
        let live = board.lines(on: Terminal(), columns: 80, rows: 10)
        #expect(live.first?.hasSuffix("  verifying") == true, "\(live)")
    }

    @Test(arguments: [
        ([JobState.completed, .completed], CommandStatus.done),
        ([.completed, .canceled], .jobCanceled),
        ([.canceled, .rejected], .jobRejected), ([.rejected, .failed, .canceled], .jobFailed),
    ])
    func givesTheExitCode(_ ends: [JobState], _ status: CommandStatus) {
        var board = WatchBoard()
        for (index, end) in ends.enumerated() {
            _ = board.take(view(UInt64(index + 1), .running))
            #expect(!board.isDone)
            _ = board.take(move(UInt64(index + 1), end))
        }
        #expect(board.isDone)
        #expect(board.status == status)
    }

    @Test func showsWhatRunsWhereNotAllFit() {
        var board = WatchBoard()
        for number in 1...50 {
            _ = board.take(view(UInt64(number), number == 40 ? .running : .queued))
        }
        let lines = board.lines(on: Terminal(), columns: 60, rows: 10)
        #expect(lines.count == 9)
        #expect(lines.first?.hasPrefix("#40  film-40.mp4") == true)
        #expect(lines.last == "50 jobs: 49 queued · 1 running")
        #expect(lines.allSatisfy { $0.count <= 60 })
    }

    @Test func saysWhatAQueuedJobWaitsFor() {
        var board = WatchBoard()
        for news in [view(1, .queued), view(2, .running)] { _ = board.take(news) }
        #expect(board.queued == [JobNumber(1)])
        board.take(waits: [JobNumber(1): "w1 is busy"])
        var lines = board.lines(on: Terminal(), columns: 80, rows: 10)
        #expect(lines.first == "#1  film-1.mp4  queued: w1 is busy")
        board.take(waits: [:])
        lines = board.lines(on: Terminal(), columns: 80, rows: 10)
        #expect(lines.first == "#1  film-1.mp4  queued")
    }
}
