// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of an agent's heartbeats and of what it passes on

import ReelworkCore
import Testing

@testable import ReelworkWorker

/// What an agent's machine says by itself.
///
/// Goal: a dead line is left in time, and only a dead one. Method: tables over the script.
struct AgentMachineSpeechTests {
    /// What happens after a heartbeat went out and found no answer.
    enum AfterBeat: String, CaseIterable {
        /// Nothing comes: the line is dead.
        case nothing
        /// The answer comes.
        case answered
        /// Another answer comes, which shows that the line is alive; then nothing.
        case reported
        /// Only pushes come: what is sent may still be lost.
        case pushed
        /// The worker itself has slept: the answer may have been waiting.
        case slept
    }

    @Test(
        arguments: [
            // Seconds after the heartbeat at which the session ends; nil = not within 20.
            (AfterBeat.nothing, 5), (.answered, nil), (.reported, 8), (.pushed, 5), (.slept, 17),
        ] as [(AfterBeat, Int?)]
    )
    func aHeartbeatThatNothingAnswersEndsTheSession(_ what: AfterBeat, _ end: Int?) throws {
        // Goal: a dead line is left after a third of the lease (15 s), not with the keepalive.
        var script = AgentMachineTests().running()
        script.pass(.seconds(5))
        try #require(script.hasBeaten)
        let deadline = script.machine.nextTick(now: script.now.boot)
        #expect(deadline == script.now.boot.advanced(by: .seconds(5)))
        var ended: Int?
        for second in 1...20 {
            if what == .slept, (3..<12).contains(second) {
                script.now = script.now.advanced(by: .seconds(1))
                continue
            }
            script.pass(.seconds(1))
            if script.hasReconnected {
                ended = second
                break
            }
            switch what {
            case .answered where second == 3:
                script.step(.heartbeatAnswered(sentAt: script.now.boot))
            case .answered where script.hasBeaten:
                script.step(.heartbeatAnswered(sentAt: script.now.boot))
            case .reported where second == 3:
                script.step(.reported([], sentAt: script.now.boot))
            case .pushed: script.step(.inventoryAsked(request: 2))
            case .nothing, .answered, .reported, .slept: break
            }
        }
        #expect(ended == end)
        #expect(script.machine.isRegistered == (end == nil))
        guard end != nil else { return }
        // The encoder goes on: the next session is told of it.
        #expect(script.stops.isEmpty)
        script.register { held in
            #expect(held.id == AgentScript.id(1) && held.phase == .known(.running))
            return Verdict(.known(.keep))
        }
    }

    /// What happens after REGISTER went out.
    enum AfterRegister: CaseIterable {
        /// Nothing comes.
        case nothing
        /// Its answer comes at the last moment.
        case answered
        /// The connection ends, and another is made: the time begins anew.
        case again
        /// The worker itself has slept: the answer may have been waiting.
        case slept
    }

    @Test(arguments: AfterRegister.allCases)
    func aRegisterThatNothingAnswersEndsTheConnection(_ what: AfterRegister) {
        // Goal: a scheduler that takes connections and answers nothing is left after 30 s, again
        // and again, and what runs goes on meanwhile.
        var script = AgentMachineTests().running()
        script.disconnect()
        script.step(.connected)
        let wait = Limits.registerAnswerTime
        #expect(script.machine.nextTick(now: script.now.boot) <= script.now.boot.advanced(by: wait))
        script.pass(wait - .seconds(1))
        #expect(!script.hasReconnected)
        switch what {
        case .nothing: break
        case .answered:
            script.limit = 0
            script.step(
                .registered(
                    heartbeat: .seconds(5),
                    lease: .seconds(15),
                    verdicts: [Verdict(.known(.keep))],
                    sentAt: script.now.boot
                )
            )
            script.pass(.seconds(1))
            #expect(!script.hasReconnected && script.machine.isRegistered)
            return
        case .again:
            script.disconnect()
            #expect(script.machine.nextTick(now: script.now.boot) == .distantFuture)
            script.step(.connected)
            script.pass(wait - .seconds(1))
            #expect(!script.hasReconnected)
        case .slept:
            script.now = script.now.advanced(by: wait * 3)
            script.step(.tick)
            #expect(!script.hasReconnected)
            script.pass(wait - .seconds(1))
            #expect(!script.hasReconnected)
        }
        script.pass(.seconds(1))
        #expect(script.hasReconnected)
        #expect(script.stops.isEmpty && !script.machine.isRegistered)
        // Nothing is left of the try: the next one has its own time.
        script.pass(wait)
        #expect(!script.hasReconnected)
        script.step(.connected)
        script.pass(wait)
        #expect(script.hasReconnected)
        script.register()
        #expect(script.machine.isRegistered)
    }

    @Test(arguments: [(500, 500), (0, 0), (60_000, 60_000)])
    func passesTheGraceOfARevokeOn(_ milliseconds: Int64, _ wanted: Int64) {
        var script = AgentMachineTests().running()
        let revocation = Revocation(
            number: JobNumber(1),
            attempt: AttemptNumber(1),
            because: .known(.canceled),
            grace: .milliseconds(milliseconds)
        )
        script.step(.revoked([revocation]))
        #expect(script.stops == [.revoked(grace: .milliseconds(wanted))])
    }
}
