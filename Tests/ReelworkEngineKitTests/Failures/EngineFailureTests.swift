// SPDX-License-Identifier: Apache-2.0
// Reelwork: ends become failures

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: each way to end has its class, and what a program said is shown clean. Method: a table.
struct EngineFailureTests {
    private static let clues = LogClue.machine + LogClue.network

    @Test(arguments: [
        (CommandEnd.exited(1), "write: No space left on device", FailureClass.resourceError),
        (.exited(1), "x: Connection refused", .networkError),
        (.exited(1), "Cannot allocate memory", .resourceError),
        (.exited(1), "something else", .runtimeError), (.exited(255), "", .runtimeError),
        (.signaled(9), "No space left on device", .runtimeError), (.timedOut, "", .timeout),
        (.notStarted("no such program"), "", .capabilityMismatch),
    ])
    func theClassFollowsFromEndAndLog(end: CommandEnd, log: String, expected: FailureClass) {
        let outcome = CommandOutcome(end: end, logTail: Array(log.utf8))
        let failure = EngineFailure(outcome, program: "enc", clues: Self.clues)
        #expect(failure?.failureClass == expected)
        #expect(failure?.message.hasPrefix("enc ") == true)
        #expect(failure?.advice.isEmpty == false)
    }

    @Test
    func codeZeroIsNoFailure() {
        let outcome = CommandOutcome(end: .exited(0), logTail: Array("No space left on".utf8))
        #expect(EngineFailure(outcome, program: "enc", clues: Self.clues) == nil)
    }

    @Test
    func theLastLineIsShownCleanAndShort() {
        var log = Array("first\n".utf8) + [0xFF, 0x1B, 0x5B]
        log += [UInt8](repeating: 65, count: 65_536) + Array("\n \n\n".utf8)
        let failure = EngineFailure(
            CommandOutcome(end: .exited(1), logTail: log),
            program: "enc",
            clues: []
        )
        let message = failure?.message ?? ""
        #expect(message.contains("\u{FFFD}\\u{1b}[AAAA"))
        #expect(message.utf8.count < 512)
    }
}
