// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of why an output is not whole

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: where the machine was at its end, the failure of a verification says so and what to do, and
// nothing else is blamed on it. Method: failures and logs in, failures out.
struct EngineFailureExplainedTests {
    @Test func aFullDiskIsNamedWhereTheEncoderEndedWithZero() {
        let log = Array("Error writing trailer of file:out: No space left on device\n".utf8)
        let failure = EngineFailure.invalidOutput("it has no length").explained(byLogOfEncoder: log)
        #expect(failure.failureClass == .resourceError)
        #expect(failure.message == "the disk is full: it has no length")
        #expect(failure.advice.hasPrefix("free space where the output goes"))
        #expect(failure.reason == EngineFailure.outputInvalid)
    }

    @Test func withoutAClueAndForAnotherReasonItStays() {
        let invalid = EngineFailure.invalidOutput("it has no length")
        #expect(invalid.explained(byLogOfEncoder: Array("frame dropped\n".utf8)) == invalid)
        #expect(invalid.explained(byLogOfEncoder: []) == invalid)
        let other = EngineFailure(failureClass: .inputError, message: "no film", advice: "look")
        #expect(other.explained(byLogOfEncoder: Array("No space left on device".utf8)) == other)
    }
}
