// SPDX-License-Identifier: Apache-2.0
// Reelwork: the wheel of deadlines.

import ReelworkCore
import Testing

@testable import ReelworkRPC

// Goal: nothing comes out before its deadline, and everything comes out soon after it. Method: a
// clock in the test's hand, deadlines near, far and past.
struct TimerWheelTests {
    private func at(_ milliseconds: Int64) -> BootInstant {
        BootInstant(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func deadlinesComeOutInTimeAndNeverEarly() {
        var wheel = TimerWheel(now: at(10_000))
        let deadlines: [UInt64: Int64] = [1: 10_001, 2: 10_050, 3: 12_345, 4: 45_000, 5: 10_000]
        for (id, deadline) in deadlines { _ = wheel.file(id, at: at(deadline)) }
        var out: [UInt64: Int64] = [:]
        for now in stride(from: Int64(10_000), through: 46_000, by: 10) {
            wheel.due(at(now)) { id, _ in out[id] = now }
        }
        for (id, deadline) in deadlines {
            let late = out[id].map { $0 - deadline } ?? -1
            #expect((0...110).contains(late), "id \(id) came \(late) ms late")
        }
        #expect(wheel.count == 0)
        #expect(wheel.earliest == nil)
    }

    @Test func aDeadlineBeyondTheWheelComesOutEarlyEnoughToBeFiledAgain() throws {
        var wheel = TimerWheel(now: at(0))
        let tick = wheel.file(7, at: .distantFuture)
        let earliest = try #require(wheel.earliest)
        #expect(earliest.nanoseconds == tick * TimerWheel.tick.wholeNanoseconds)
        var ticks: [Int64] = []
        wheel.due(at(1_000_000)) { id, tick in ticks.append(tick) }
        #expect(ticks == [tick])
        #expect(wheel.file(8, at: at(1)) > tick)
    }
}
