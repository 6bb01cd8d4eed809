// SPDX-License-Identifier: Apache-2.0
// Reelwork: deadlines of many connections, cheaply.

internal import ReelworkCore

// Invariants: an entry lies in the slot of its tick; `next` ≤ the earliest tick that has entries.
// Who files an entry keeps its tick, and knows an entry that is out of date by it.

/// Deadlines of many connections: filing and visiting cost the same whatever their number.
struct TimerWheel: Sendable {
    /// How exact it is; a deadline is never early.
    static let tick = Duration.milliseconds(50)
    private static let tickNanoseconds = tick.wholeNanoseconds
    private static let slotCount = 1_024

    private var slots = [[UInt64]](repeating: [], count: slotCount)
    private var next: Int64
    private(set) var count = 0

    /// Makes an empty wheel.
    init(now: BootInstant) {
        next = now.nanoseconds / TimerWheel.tickNanoseconds + 1
    }

    /// Files an id; answers its tick, after which it comes out.
    mutating func file(_ id: UInt64, at deadline: BootInstant) -> Int64 {
        let (rounded, overflow) = deadline.nanoseconds.addingReportingOverflow(
            TimerWheel.tickNanoseconds - 1
        )
        let wanted = overflow ? Int64.max : rounded / TimerWheel.tickNanoseconds
        let last = next + Int64(TimerWheel.slotCount) - 1
        let tick = min(max(wanted, next), last)
        slots[Int(tick) % TimerWheel.slotCount].append(id)
        count += 1
        return tick
    }

    /// Takes out what is due, with the tick that it was filed for.
    mutating func due(_ now: BootInstant, _ body: (UInt64, Int64) -> Void) {
        let current = now.nanoseconds / TimerWheel.tickNanoseconds
        while next <= current, count > 0 {
            let slot = Int(next) % TimerWheel.slotCount
            let ids = slots[slot]
            if !ids.isEmpty {
                slots[slot].removeAll(keepingCapacity: ids.count < 64)
                count -= ids.count
                for id in ids { body(id, next) }
            }
            next += 1
        }
        if next <= current { next = current + 1 }
    }

    /// When something is due next; nil where nothing is filed.
    var earliest: BootInstant? {
        guard count > 0 else { return nil }
        for offset in 0..<TimerWheel.slotCount {
            let tick = next + Int64(offset)
            if !slots[Int(tick) % TimerWheel.slotCount].isEmpty {
                return BootInstant(nanoseconds: tick * TimerWheel.tickNanoseconds)
            }
        }
        return nil
    }
}
