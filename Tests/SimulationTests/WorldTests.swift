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
    }

    @Test(arguments: 1...60)
    func aWorldOfFaultsKeepsItsPromise(seed: Int) {
        var world = World(WorldOptions(seed: UInt64(seed)))
        let report = world.run()
        #expect(report.violations.isEmpty, "seed \(seed): \(report)")
        #expect(!report.faults.isEmpty)
    }

    @Test func aSeedRepeatsARun() {
        var first = World(WorldOptions(seed: 7))
        var second = World(WorldOptions(seed: 7))
        var other = World(WorldOptions(seed: 8))
        let report = first.run()
        #expect(report == second.run())
        #expect(report.hash != other.run().hash)
    }
}
