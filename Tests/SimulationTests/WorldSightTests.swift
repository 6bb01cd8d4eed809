// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests that the simulated world is not quiet

import ReelworkTestKit
import Testing

/// Goal: worlds in which nothing breaks prove something only where the dangerous things happen.
///
/// Method: many seeds, until each of them was seen.
struct WorldSightTests {
    private static let seedsMax: UInt64 = 400

    @Test func everythingWorthSeeingHappens() {
        var missing = Set(WorldSight.allCases)
        var seed: UInt64 = 1000
        while !missing.isEmpty, seed < 1000 + Self.seedsMax {
            var world = World(WorldOptions(seed: seed))
            let report = world.run()
            #expect(report.violations.isEmpty, "seed \(seed): \(report)")
            missing = missing.filter { (report.sights[$0] ?? 0) == 0 }
            seed += 1
        }
        #expect(missing.isEmpty, "not seen in \(Self.seedsMax) seeds: \(missing)")
    }
}
