// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what an engine's failure becomes

import ReelworkCore
import ReelworkEngineKit
import Testing

@testable import ReelworkWorker

/// Goal: the scheduler hears of a failure what the engine said of it.
///
/// Method: failures as engines make them.
struct ReportItemAttemptFailureTests {
    @Test(arguments: [true, false]) func anEngineSaysWhetherARetryIsOfUse(isFinal: Bool) {
        let failure = ReportItem.Failure(
            EngineFailure(
                failureClass: .runtimeError,
                message: "the source is encrypted",
                advice: "give a key",
                isFinal: isFinal
            )
        )
        #expect(failure.isFinal == isFinal)
        #expect(failure.failure == .runtimeError)
        #expect(failure.error == "the source is encrypted; give a key")
        #expect(!ReportItem.Failure.outputExists.isFinal, "its class says it")
    }
}
