// SPDX-License-Identifier: Apache-2.0
// Reelwork: someone who asks why.

import ReelworkCore
import Testing

@testable import ReelworkScheduling

extension World {
    /// Why a job stands where it does, as the daemon answers: an ended one from the store.
    mutating func why(_ number: JobNumber, isSettled: Bool = true) -> JobExplanation? {
        let tag = tag()
        let stored = model.jobs[number]?.row?.machine
        scheduler.handle(.why(tag, ResolvedJob(number: number, stored: stored)), now: now)
        if isSettled {
            settle()
        } else {
            for case .answer(let tag, let answer) in scheduler.takeIndependent() {
                answers[tag.request] = answer
            }
        }
        switch answers[tag.request] {
        case .why(let explanation): return explanation
        case .whyStored(let number):
            guard let job = model.jobs[number], let row = job.row else { return nil }
            return JobExplanation(ended: row, last: job.moves.last?.move)
        default: return nil
        }
    }

    mutating func explanation(
        _ number: JobNumber,
        isSettled: Bool = true
    ) throws -> JobExplanation {
        let answer = why(number, isSettled: isSettled)
        return try #require(answer)
    }

    /// A worker goes on to live, and tells the same progress, for so long.
    mutating func live(
        _ session: SessionID,
        _ number: JobNumber,
        media: Duration,
        for time: Duration
    ) {
        let end = now.advanced(by: time)
        while now.boot < end.boot {
            pass(min(.seconds(5), end.boot.since(now.boot)))
            progress(session, number, 1, media: media)
        }
    }
}
