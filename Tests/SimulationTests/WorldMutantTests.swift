// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests that the simulated world finds bugs

import ReelworkTestKit
import Testing

/// Goal: the checks are awake.
///
/// Method: a bug is planted, and must be found within a number of seeds far below the 2,000 that
/// are allowed; what finds it must be the invariant that it breaks. Security checklist 13: parts of
/// older attempts that are kept are such a bug.
struct WorldMutantTests {
    private static let seedsMax: UInt64 = 200

    /// What must find each bug.
    private static let rows: [(WorldMutant, String)] = [
        (.answerBeforeCommit, "I1"), (.grantUnasked, "P1"), (.olderPartsKept, "P1"),
        (.attemptRewritten, "I4"), (.heartbeatLost, "I12"), (.creditDoubled, "I10"),
        (.bytesSwapped, "wire"), (.capIgnored, "I8"), (.pauseForgotten, "queue"),
        (.attemptReused, "refused"), (.timersLost, "I12"), (.grantsForgotten, "P1"),
        (.recoveredTwice, "refused"), (.creditAdded, "I10"), (.verdictsTurned, "digest"),
        (.movesSkipped, "refused"), (.keysForgotten, "I9"), (.leaseShort, "I12"),
        (.lookSkipped, "P1"), (.bytesDoubled, "wire"),
    ]

    @Test(arguments: rows)
    func aPlantedBugIsFound(mutant: WorldMutant, invariant: String) {
        for seed in 1...Self.seedsMax {
            var world = World(WorldOptions(seed: seed, mutant: mutant))
            let report = world.run()
            if report.violations.contains(where: { $0.contains(invariant + ": ") }) { return }
        }
        Issue.record("\(mutant.rawValue) was not found in \(Self.seedsMax) seeds")
    }

    @Test func everyPlantedBugHasItsRow() {
        #expect(Set(Self.rows.map(\.0)) == Set(WorldMutant.allCases))
    }
}
