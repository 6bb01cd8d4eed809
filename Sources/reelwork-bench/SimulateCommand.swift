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

    @Option(help: "A bug to plant; then the exit is 0 only where it was found.")
    var mutant: String?

    @Flag(help: "One JSON object a line, the figures last.")
    var json = false

    @Flag(help: "Lists the bugs that can be planted.")
    var listMutants = false

    mutating func validate() throws {
        guard let mutant, WorldMutant(rawValue: mutant) == nil else { return }
        throw ValidationError("no bug is named \(mutant): see --list-mutants")
    }

    mutating func run() throws {
        if listMutants {
            for mutant in WorldMutant.allCases { print(mutant.rawValue) }
            return
        }
        let planted = mutant.flatMap { WorldMutant(rawValue: $0) }
        let clock = ContinuousClock()
        let begin = clock.now
        var broken = 0
        var steps = 0
        var simulated = 0.0
        var frames = 0
        var bytes = 0
        // Equal in every process: whatever differs is not deterministic.
        var hash: UInt64 = 0
        var sights: [WorldSight: Int] = [:]
        for seed in first..<first + seeds {
            var world = World(WorldOptions(seed: seed, mutant: planted))
            let report = world.run()
            steps += report.steps
            frames += report.frames
            bytes += report.bytes
            for figure in [report.hash, UInt64(report.steps), UInt64(report.bytes)] {
                hash = OpenSetDigest.mix(hash ^ figure)
            }
            for sight in WorldSight.allCases {
                sights[sight, default: 0] += report.sights[sight] ?? 0
            }
            simulated += report.elapsed.seconds
            guard !report.violations.isEmpty else { continue }
            broken += 1
            show(seed, report.violations)
            if planted != nil {
                if !json { print("found after \(seed - first + 1) seeds") }
                return
            }
        }
        let took = begin.duration(to: clock.now).seconds
        let speed = Int(simulated / max(took, 0.001))
        let seen = WorldSight.allCases.map { ($0.rawValue, sights[$0] ?? 0) }
        if json {
            let counts = seen.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
            print(
                """
                {"figure":"simulate","seeds":\(seeds),"first":\(first),"broken":\(broken),\
                "steps":\(steps),"frames":\(frames),"bytes":\(bytes),\
                "hash":"\(String(hash, radix: 16))","times_real_time":\(speed),\
                "sights":{\(counts)}}
                """
            )
        } else {
            for (name, count) in seen { print("  \(name) \(count)") }
            print(
                """
                \(seeds) seeds, \(broken) broken, \(steps) steps, \(frames) frames, \
                \(bytes) bytes, hash \(String(hash, radix: 16)), \(speed) times real time
                """
            )
        }
        if broken > 0 || planted != nil { throw ExitCode(1) }
    }

    private func show(_ seed: UInt64, _ violations: [String]) {
        guard json else { return print("seed \(seed): \(violations.joined(separator: "; "))") }
        let list = violations.map { text in
            let plain = text.map { $0 == "\"" || $0 == "\\" || $0.isNewline ? "'" : $0 }
            return "\"\(String(plain))\""
        }
        print("{\"seed\":\(seed),\"violations\":[\(list.joined(separator: ","))]}")
    }
}
