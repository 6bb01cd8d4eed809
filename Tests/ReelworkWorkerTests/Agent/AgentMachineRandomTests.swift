// SPDX-License-Identifier: Apache-2.0
// Reelwork: random stories of the agent's machine

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// Random stories.
///
/// Goal: the credit never falls, the digest is the scheduler's own, nothing is sent before it is
/// spooled, and in the end nothing is left. Method: seeded steps of runs, answers, lost connections
/// and verdicts; the scheduler of the script checks each.
struct AgentMachineRandomTests {
    /// SplitMix64 (Steele, Lea, Flood 2014).
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return OpenSetDigest.mix(state)
        }
    }

    /// Where a run of the story stands.
    enum Place {
        case preparing
        case encoding
        case waiting
        case publishing
        case stopping
        case said
    }

    struct Story {
        var script = AgentScript(slots: 3)
        var random: Random
        var places: [AttemptKey: Place] = [:]
        var unsynced: [AttemptKey] = []
        var number: UInt64 = 0
        var isConnected = false

        var runs: [AttemptKey] { places.keys.sorted() }

        mutating func obey() {
            for action in script.last {
                switch action {
                case .start(let assignment):
                    let key = AttemptKey(id: assignment.id, origin: assignment.attempt)
                    places[key] = .preparing
                case .stop(let key, _):
                    if places[key] != nil, places[key] != .publishing { places[key] = .stopping }
                case .grant(let key): if places[key] == .waiting { places[key] = .publishing }
                case .spool(let key, _): unsynced.append(key)
                case .reconnect:
                    isConnected = false
                    script.reportsInFlight = 0
                case .register, .heartbeat, .credit, .report, .inventory, .unspool, .drained: break
                }
            }
        }

        mutating func end(_ key: AttemptKey, _ content: ReportItem.Content) {
            places[key] = nil
            script.say(key, content)
            obey()
            script.step(.closed(key))
            obey()
        }

        mutating func move() {
            guard let key = runs.randomElement(using: &random) else { return }
            switch places[key] {
            case .preparing:
                places[key] = .encoding
                script.say(key, .started(ReportItem.Start()))
                obey()
            case .encoding:
                if Bool.random(using: &random) {
                    end(key, .failed(ReportItem.Failure(.runtimeError, error: "broke")))
                } else {
                    places[key] = .waiting
                    script.say(key, .ready(AgentScript.film))
                    obey()
                }
            case .publishing: end(key, .finished(AgentScript.film, ReportItem.Finish()))
            case .stopping: end(key, .released(.revoked, error: nil))
            case .waiting, .said, nil: break
            }
        }

        mutating func reconnect() {
            var random = random
            script.register { _ in
                switch Int.random(in: 0..<4, using: &random) {
                case 0: Verdict(.known(.kill))
                case 1: Verdict(.known(.done))
                case 2:
                    Verdict(
                        .known(.adopt),
                        attempt: AttemptNumber(UInt32.random(in: 10...99, using: &random))
                    )
                default: Verdict(.known(.keep))
                }
            }
            self.random = random
            isConnected = true
            obey()
        }

        mutating func step() {
            switch Int.random(in: 0..<12, using: &random) {
            case 0 where isConnected:
                script.disconnect()
                isConnected = false
                obey()
            case 1...2 where !isConnected: reconnect()
            case 3...4 where isConnected && script.assigned < script.limit:
                number += 1
                script.assign(AgentScript.assignment(number))
                obey()
            case 5...6 where script.reportsInFlight > 0:
                let code: [ResultCode] = [.ok, .ok, .ok, .staleAttempt, .busy]
                let codes = (0..<16).map { _ in code.randomElement(using: &random) ?? .ok }
                script.answer(codes)
                obey()
            case 7 where !unsynced.isEmpty:
                script.step(.spooled(unsynced.removeFirst()))
                obey()
            case 8 where isConnected:
                script.step(.heartbeatAnswered(sentAt: script.now.boot))
                obey()
            case 9:
                script.pass(.milliseconds(Int64.random(in: 0...6_000, using: &random)))
                obey()
            default: move()
            }
        }

        /// Every fault stops, and everything comes to its end.
        mutating func settle() {
            if isConnected { script.disconnect() }
            script.register()
            obey()
            script.step(.drain)
            obey()
            for _ in 0..<400 {
                script.step(.heartbeatAnswered(sentAt: script.now.boot))
                obey()
                move()
                while !unsynced.isEmpty {
                    script.step(.spooled(unsynced.removeFirst()))
                    obey()
                }
                if script.reportsInFlight > 0 {
                    script.answer(Array(repeating: .ok, count: 16))
                    obey()
                }
                script.pass(.seconds(2))
                obey()
            }
        }
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func holdsTheRulesInEveryStory(_ seed: UInt64) {
        var story = Story(random: Random(state: seed))
        for _ in 0..<200 { story.step() }
        story.settle()
        #expect(story.script.machine.holdings.isEmpty, "seed \(seed)")
        #expect(story.script.spooled.isEmpty, "seed \(seed)")
        #expect(story.script.hasDrained, "seed \(seed)")
    }
}
