// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of how far a run has come

import ReelworkCore
import ReelworkEngineKit
import Testing

@testable import ReelworkWorker

// Goal: a watcher sees what an attempt does when its percent stands. Method: the steps of a run,
// told one after the other.
struct AttemptProgressTests {
    @Test func saysWhatFollowsTheEncode() throws {
        let progress = AttemptProgress()
        func note() -> JobProgress? { progress.note(JobNumber(1), AttemptNumber(2)) }
        #expect(note() == nil)
        progress.begin(total: .seconds(10))
        progress.note(EngineProgress(media: .milliseconds(9_990)))
        let encoding = try #require(note())
        #expect(encoding.phase == nil && encoding.permille == 999)
        progress.encoded()
        let verifying = try #require(note())
        #expect(verifying.phase == .known(.verifying) && verifying.permille == 1_000)
        progress.sealed()
        #expect(note()?.phase == .known(.publishing))
    }
}
