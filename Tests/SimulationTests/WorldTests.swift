// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the simulated world

import ReelworkCore
import ReelworkTestKit
import Testing

/// Goal: the real machines, run together in one deterministic thread, lose nothing, publish nothing
/// twice and leave nothing stuck.
///
/// Method: worlds from seeds, with and without faults.
struct WorldTests {
    @Test func aQuietWorldCompletesEveryJob() {
        var world = World(
            WorldOptions(
                seed: 1,
                faultInterval: nil,
                encodeFailuresPermille: 0,
                cancelsPermille: 0
            )
        )
        let report = world.run()
        #expect(report.violations.isEmpty, "\(report)")
        #expect(report.states == ["completed": 40])
        #expect(report.published == 40)
        #expect(report.sights[.leaseEnd] == nil)
        #expect(report.sights[.silentEnd] == nil)
    }

    // Each job costs a few frames at the least: ASSIGN, and three reports with their answers.
    @Test func whatIsSaidGoesOverTheWire() {
        var world = World(WorldOptions(seed: 1, faultInterval: nil))
        let report = world.run()
        #expect(report.frames > 40 * 4)
        #expect(report.bytes > report.frames * 20)
    }

    @Test(arguments: 1...60)
    func aWorldOfFaultsKeepsItsPromise(seed: Int) {
        var world = World(WorldOptions(seed: UInt64(seed)))
        let report = world.run()
        #expect(report.violations.isEmpty, "seed \(seed): \(report)")
        #expect(!report.faults.isEmpty)
    }

    @Test func aSeedRepeatsARun() {
        let (first, second, other) = (run(7), run(7), run(8))
        #expect(first == second)
        #expect(first.hash != other.hash)
    }

    private func run(_ seed: UInt64) -> WorldReport {
        var world = World(WorldOptions(seed: seed))
        return world.run()
    }
}
