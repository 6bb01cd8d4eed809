// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what is said of one job

import ReelworkCore
import Testing

@testable import reelwork

// Goal: an empty log and an attempt that there was not are told apart, an old error is no verdict,
// and nothing is said twice. Method: views and moves in, words out.
struct JobWordsTests {
    private func view(_ state: JobState, attempt: UInt32) -> JobView {
        var view = JobView(
            id: JobID(high: 0, low: 1),
            number: JobNumber(7),
            state: .known(state),
            queue: .known(.standard),
            priority: .known(.medium),
            attempt: AttemptNumber(attempt),
            retryCount: 1,
            retriesMax: 3,
            engine: "ffmpeg",
            worker: "w1",
            created: Timestamp(milliseconds: 0),
            input: "/in",
            output: "/out"
        )
        view.error = "it broke"
        return view
    }

    @Test func namesAnAttemptThatThereWasNot() {
        #expect(JobLogs.missing(nil, of: view(.running, attempt: 2)) == nil)
        #expect(JobLogs.missing(2, of: view(.running, attempt: 2)) == nil)
        let third = JobLogs.missing(3, of: view(.running, attempt: 2))
        #expect(third?.status == .failed)
        #expect(third?.what == "#7 has had no attempt 3" && third?.advice == "it has had 1 to 2")
        let none = JobLogs.missing(nil, of: view(.queued, attempt: 0))
        #expect(none?.status == .failed)
        #expect(none?.what == "no encoder has run for #7: it is queued")
    }

    @Test func saysWhetherAnEncoderMaySpeakYet() {
        #expect(JobLogs.silence(nil, of: view(.running, attempt: 2)).hasSuffix("nothing yet"))
        #expect(JobLogs.silence(1, of: view(.running, attempt: 2)).hasSuffix("said nothing"))
        #expect(JobLogs.silence(nil, of: view(.completed, attempt: 2)).hasSuffix("said nothing"))
    }

    @Test(arguments: [
        (JobState.running, "last error"), (.retrying, "last error"), (.failed, "error"),
    ])
    func marksTheErrorOfAnEarlierRun(_ state: JobState, _ name: String) {
        let fields = JobShow.fields(view(state, attempt: 2))
        #expect(fields.first { $0.1 == "it broke" }?.0 == name)
    }

    @Test(arguments: [
        ("Failed: gone", "gone", "Failed: gone"),
        ("Encoder failed", "code 1", "Encoder failed: code 1"),
        ("Submitted", nil, "Submitted"),
    ])
    func saysAReasonOnce(_ reason: String, _ detail: String?, _ words: String) {
        let move = Move(
            sequence: 1,
            from: nil,
            to: .known(.failed),
            at: Timestamp(milliseconds: 0),
            reason: reason,
            attempt: .none,
            actor: "uid:0",
            detail: detail
        )
        #expect(HistoryTable.words(move) == words)
    }
}
