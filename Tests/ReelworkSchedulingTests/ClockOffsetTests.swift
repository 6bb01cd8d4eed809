// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of workers whose clocks are wrong.

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: what a worker's clock says moves no lease, no deadline and no time in a history, and how
/// far it is off is known.
struct ClockOffsetTests {
    /// A day of one worker whose clock is `offset` off: success, failure, timeout and death.
    private func day(offset: Duration) -> World {
        var world = World()
        world.isTraced = true
        let jobs = (0..<3).map { _ in world.job() }
        let session = world.worker("w1", slots: 3)
        for job in jobs {
            say(.started(ReportItem.Start(limit: .seconds(600))), job, session, offset, &world)
        }
        world.progress(session, jobs[0], 1, media: .seconds(2))
        say(.ready(World.film(10)), jobs[0], session, offset, &world)
        say(.finished(World.film(10), ReportItem.Finish()), jobs[0], session, offset, &world)
        let broken = ReportItem.Failure(.runtimeError, error: "broken")
        say(.failed(broken), jobs[1], session, offset, &world)
        // The third makes no progress and times out; then the worker is silent and dies.
        for _ in 0..<30 {
            world.pass(.seconds(5))
            world.heartbeat(session, seen: 4)
        }
        world.pass(.seconds(60))
        return world
    }

    private func say(
        _ content: ReportItem.Content,
        _ number: JobNumber,
        _ session: SessionID,
        _ offset: Duration,
        _ world: inout World
    ) {
        let at = world.now.wall.advanced(by: offset)
        let item = ReportItem(number: number, attempt: AttemptNumber(1), at: at, content: content)
        world.scheduler.handle(
            .report(world.tag(), session, assignLimit: 0, [item], ended: [:]),
            now: world.now
        )
        world.settle()
    }

    // The same day with a clock that is right and with one that is an hour off, or at the end of
    // time: every batch, answer, push and note must be the same.
    @Test(arguments: [
        Duration.seconds(3_600), .seconds(-3_600), .seconds(10_000_000_000),
        .milliseconds(Int64.max),
    ])
    func aClockThatIsWrongMovesNothing(offset: Duration) {
        let right = day(offset: .zero)
        let wrong = day(offset: offset)
        #expect(right.trace.count > 40 && wrong.trace == right.trace)
        #expect(right.notes.contains { if case .workerDead = $0 { true } else { false } })
        #expect(right.notes.contains { if case .timedOut = $0 { true } else { false } })
        #expect(wrong.faults == [])
    }

    // A report may have waited for hours: only the least late one tells how far the clock is off,
    // and it counts for ten minutes, in which the clock may have been set.
    @Test func theLeastLateReportCounts() {
        let now = World.start
        let hour = now.wall.advanced(by: .seconds(3_600))
        var offset = ClockOffset(now.wall.advanced(by: .seconds(-9_000)), now: now)
        #expect(offset.milliseconds == -9_000_000)
        offset = offset.updated(hour, now: now)
        #expect(offset.milliseconds == 3_600_000)
        let later = now.advanced(by: .seconds(599))
        offset = offset.updated(hour, now: later)
        #expect(offset.milliseconds == 3_600_000, "it waited for ten minutes")
        offset = offset.updated(hour, now: now.advanced(by: .seconds(600)))
        #expect(offset.milliseconds == 3_000_000, "the clock was set")
        // The ends of the range: of a peer that lies, or whose clock is at its end.
        let end = Timestamp(milliseconds: .max)
        #expect(ClockOffset(end, now: now).milliseconds > 0)
        #expect(ClockOffset(Timestamp(milliseconds: .min), now: now).milliseconds == .min)
    }

    // Another life of a worker may be on another machine.
    @Test func anotherLifeHasAnotherClock() {
        var world = World()
        let job = world.job()
        let first = world.worker("w1")
        #expect(world.views().first?.clockOffsetMilliseconds == nil)
        say(.started(ReportItem.Start()), job, first, .seconds(90), &world)
        #expect(world.views().first?.clockOffsetMilliseconds == 90_000)
        let again = world.worker("w1", held: [(job, 1, .running)])
        #expect(world.views().first?.clockOffsetMilliseconds == 90_000, "the same process")
        world.close(again)
        world.pass(.seconds(16))
        _ = world.worker("w1", incarnation: 2)
        #expect(world.views().first?.clockOffsetMilliseconds == nil)
    }
}
