// SPDX-License-Identifier: Apache-2.0
// Reelwork: random histories of the scheduler alone.

import ReelworkCore
import ReelworkScheduling
import Testing

/// Goal: I2–I6 and I10 in every step of random histories, nothing of a worker given away twice,
/// liveness (I7) at their end, and the same effects for the same seed.
///
/// Method: fake workers that crash, stall, lose connections, reconnect, lie late and drain; a fold
/// of every commit; then the faults stop and everything has to end. Security checklist 11: old and
/// new sessions of one worker report in any order.
struct SimulationTests {
    @Test(.timeLimit(.minutes(1)), arguments: UInt64(1)...60)
    func invariantsHoldInRandomHistories(seed: UInt64) {
        var simulation = Simulation(seed: seed)
        for step in 0..<400 {
            simulation.step()
            guard step.isMultiple(of: 8) else { continue }
            let overfull = simulation.overfull()
            #expect(overfull == [], "seed \(seed), step \(step)")
        }
        simulation.heal()
        #expect(simulation.world.faults == [], "seed \(seed)")
        let open = simulation.world.model.jobs.values.filter { $0.state?.isTerminal != true }
        #expect(open.isEmpty, "seed \(seed): \(open.map(\.insert.number))")
        #expect(simulation.world.scheduler.liveCount == 0, "seed \(seed)")
        #expect(simulation.world.model.jobs.count > 20, "seed \(seed): too little happened")
        let metrics = simulation.world.scheduler.metrics
        for state in [JobState.queued, .assigned, .running, .retrying, .timedOut] {
            #expect(metrics.count(state) == 0, "seed \(seed)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theSameSeedGivesTheSameEffects() {
        for seed in UInt64(1)...3 {
            var traces: [[String]] = []
            for _ in 0..<2 {
                var simulation = Simulation(seed: seed)
                simulation.world.isTraced = true
                for _ in 0..<150 { simulation.step() }
                traces.append(simulation.world.trace)
            }
            #expect(traces[0] == traces[1], "seed \(seed)")
            #expect(!traces[0].isEmpty)
        }
    }

    // Each job has an answer that holds: JOB_WHY is never an empty list.
    @Test(.timeLimit(.minutes(1)), arguments: UInt64(1)...10)
    func everyJobIsExplainedWhateverHappened(seed: UInt64) {
        var simulation = Simulation(seed: seed)
        var codes: Set<WhyCode> = []
        for step in 0..<300 {
            simulation.step()
            guard step % 5 == 0 else { continue }
            let state = simulation.world.model.jobs.mapValues(\.state)
            for (number, state) in state {
                guard let answer = simulation.world.why(number) else {
                    Issue.record("seed \(seed), step \(step): \(number) has no answer")
                    continue
                }
                #expect(answer.state == state, "seed \(seed), step \(step)")
                #expect(answer.reasons[0].code != .tenantTurn, "seed \(seed), step \(step)")
                let now = simulation.world.now.wall
                #expect(answer.nextAt.map { $0 >= now } ?? true, "seed \(seed), step \(step)")
                codes.formUnion(answer.reasons.map(\.code))
            }
        }
        #expect(codes.count > 12, "seed \(seed): \(codes)")
        #expect(simulation.world.faults == [])
    }
}
