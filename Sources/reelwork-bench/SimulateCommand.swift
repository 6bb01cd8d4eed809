// SPDX-License-Identifier: Apache-2.0
// Reelwork: worlds from seeds

import ArgumentParser
import ReelworkCore
import ReelworkTestKit

/// Simulated worlds from seeds: exits 0 only where no invariant broke.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs simulated worlds and checks the invariants of each.",
        discussion: "Example: reelwork-bench simulate --seeds 300 --first 1"
    )

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 300

    @Option(help: "The first seed.")
    var first: UInt64 = 1

    mutating func run() throws {
        let clock = ContinuousClock()
        let begin = clock.now
        var broken = 0
        var steps = 0
        var simulated = 0.0
        for seed in first..<first + seeds {
            var world = World(WorldOptions(seed: seed))
            let report = world.run()
            steps += report.steps
            simulated += report.elapsed.seconds
            guard !report.violations.isEmpty else { continue }
            broken += 1
            print("seed \(seed): \(report.violations.joined(separator: "; "))")
        }
        let took = begin.duration(to: clock.now).seconds
        print(
            """
            \(seeds) seeds, \(broken) broken, \(steps) steps, \
            \(Int(simulated / max(took, 0.001))) times real time
            """
        )
        if broken > 0 { throw ExitCode(1) }
    }
}
