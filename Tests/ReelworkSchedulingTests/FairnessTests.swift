// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of fairness between tenants

import ReelworkCore
import Testing

@testable import ReelworkScheduling

/// Goal: the tenant with the least assigned ÷ weight comes next, however few slots there are; caps
/// hold; nothing is saved up (R6, and the article Fairness).
///
/// Method: two or three tenants, a worker with some slots, and the order in which it is sent jobs.
struct FairnessTests {
    private static func policy(_ tenants: [String: TenantPolicy]) -> SchedulerPolicy {
        SchedulerPolicy(retry: RetryPolicy(jitter: .none), tenants: tenants)
    }

    // With one slot nobody holds anything when the next job is chosen: only what was assigned
    // before can tell the tenants apart.
    @Test(arguments: [1, 3, 64] as [UInt64], [(1, 1), (1, 3), (3, 1)] as [(UInt32, UInt32)])
    func theSmallTenantIsDoneEarly(slots: UInt64, weights: (big: UInt32, small: UInt32)) throws {
        var world = World(
            policy: Self.policy([
                "big": TenantPolicy(weight: weights.big),
                "small": TenantPolicy(weight: weights.small),
            ])
        )
        _ = world.jobs(10_000, of: "big")
        world.pass(.seconds(1))
        let small = Set(world.jobs(10, of: "small"))
        let session = world.worker("w1", slots: slots)
        let order = world.served(session, 64)
        let last = try #require(order.lastIndex { small.contains($0) }) + 1
        #expect(order.count { small.contains($0) } == 10)
        // Of `sum` assignments it gets its weight.
        let sum = weights.big + weights.small
        let fair = Int((10 * sum + weights.small - 1) / weights.small)
        #expect(last <= fair, "the last of the small one is assignment \(last)")
        if weights.big == weights.small { #expect(last <= 30) }
        for (place, _) in order.prefix(last).enumerated() {
            let got = order.prefix(place + 1).count { small.contains($0) }
            let due = Double(place + 1) * Double(weights.small) / Double(sum)
            #expect(abs(Double(got) - due) <= 1, "after \(place + 1): \(got), due \(due)")
        }
        #expect(world.faults == [])
    }

    // Whoever was alone before has not used up anything, and whoever comes has saved up nothing.
    @Test func whoComesLaterStartsBesideTheOthers() {
        var world = World()
        let early = Set(world.jobs(200, of: "early"))
        let session = world.worker("w1")
        _ = world.served(session, 100)
        let late = Set(world.jobs(50, of: "late"))
        let order = world.served(session, 140).dropFirst(100)
        #expect(order.count { late.contains($0) } == 20)
        for pair in 0..<20 {
            let two = order.dropFirst(2 * pair).prefix(2)
            #expect(two.count { early.contains($0) } == 1, "pair \(pair)")
        }
        // It goes away and comes back: again one and one.
        for number in world.model.liveJobs.map(\.row.number) where late.contains(number) {
            _ = world.cancel(number)
        }
        _ = world.served(session, 180)
        let again = Set(world.jobs(50, of: "late"))
        let end = world.served(session, 200).dropFirst(180)
        #expect((9...11).contains(end.count { again.contains($0) }))
    }

    // The time in which a queue was paused counts for no more than `tenantLagMax` jobs.
    @Test func whoCouldNotBeServedCatchesUpABitAtMost() {
        var world = World()
        _ = world.set(.batch, isPaused: true)
        let held = Set(world.jobs(200, of: "held") { $0.queue = .batch })
        let free = Set(world.jobs(600, of: "free"))
        let session = world.worker("w1")
        #expect(world.served(session, 300).allSatisfy { free.contains($0) })
        _ = world.set(.batch, isPaused: false)
        let order = world.served(session, 400).dropFirst(300)
        let ahead = order.prefix { held.contains($0) || $0 == order.first }.count
        #expect((Limits.tenantLagMax...Limits.tenantLagMax + 2).contains(ahead), "\(ahead)")
        let rest = order.dropFirst(ahead)
        #expect(abs(rest.count { held.contains($0) } - rest.count / 2) <= 1)
    }

    // An attempt takes a slot, whichever it is: who could give back for nothing would go first for
    // ever.
    @Test func everyAssignmentCounts() {
        var world = World()
        let unlucky = Set(world.jobs(20, of: "unlucky"))
        let other = Set(world.jobs(20, of: "other"))
        let session = world.worker("w1")
        var count = 0
        while count < 20, let last = world.assignments(session).last {
            count += 1
            if unlucky.contains(last.number) {
                world.report(
                    session,
                    last.number,
                    last.attempt.rawValue,
                    .released(.draining, error: nil)
                )
            } else {
                world.end(last, session)
            }
        }
        let order = world.assigned(session).prefix(20)
        #expect(order.count { other.contains($0) } == 10)
        #expect(world.faults == [])
    }

    // MARK: - Caps

    @Test func aTenantOverItsCapWaitsAndLosesNothing() {
        var world = World(policy: Self.policy(["capped": TenantPolicy(heldMax: 2)]))
        let capped = world.jobs(6, of: "capped") { $0.priority = .high }
        let free = world.jobs(2, of: "free")
        let session = world.worker("w1", slots: 8)
        #expect(Set(world.assigned(session)) == Set(capped.prefix(2) + free))
        for held in 2..<6 {
            let running = world.assignments(session).filter {
                capped.contains($0.number) && world.state($0.number)?.isHeld == true
            }
            #expect(running.count == 2)
            world.end(running[0], session)
            #expect(world.assigned(session).count { capped.contains($0) } == held + 1)
        }
        world.finishAll(session)
        #expect(capped.allSatisfy { world.state($0) == .completed })
        #expect(world.scheduler.liveCount == 0)
        #expect(world.faults == [])
    }

    @Test func aCapHoldsOverARestartAndForEveryTenantThatHasNoneOfItsOwn() {
        let usual = SchedulerPolicy(tenantDefault: TenantPolicy(heldMax: 1))
        var world = World(policy: usual)
        let jobs = world.jobs(3, of: "a") + world.jobs(3, of: "b")
        let session = world.worker("w1", slots: 6)
        #expect(world.assigned(session).count == 2)
        let held = world.assignments(session).map {
            ($0.number, $0.attempt.rawValue, HeldAttempt.Phase.assigned)
        }
        world.restart()
        let again = world.worker("w1", slots: 6, held: held)
        #expect(world.assigned(again).isEmpty)
        for (number, attempt, _) in held {
            world.report(
                again,
                number,
                attempt,
                .finished(nil, ReportItem.Finish(hasNoFile: true))
            )
        }
        #expect(world.assigned(again).count == 2)
        #expect(jobs.count { world.state($0) == .queued } == 2)
        #expect(world.faults == [])
    }
}
