// SPDX-License-Identifier: Apache-2.0
// Reelwork: a commit that takes long

import ReelworkCore
import Testing

@testable import ReelworkDaemon

/// Goal: only a commit that took as long as the patience stops the clocks, and its end is told
/// once.
///
/// Method: the value alone, with a time of its own.
struct CommitWaitTests {
    private func at(_ seconds: Int) -> BootInstant {
        BootInstant(nanoseconds: 0).advanced(by: .seconds(seconds))
    }

    @Test func aShortOneIsNoReason() {
        var wait = CommitWait(patience: .seconds(5))
        wait.begin(now: at(10))
        #expect(!wait.isLong(now: at(14)))
        #expect(wait.end(now: at(14)) == false)
        #expect(!wait.isLong(now: at(100)), "none is under way")
    }

    @Test func aLongOneIsToldOnceWhenItIsOver() {
        var wait = CommitWait(patience: .seconds(5))
        wait.begin(now: at(10))
        #expect(wait.isLong(now: at(15)))
        #expect(wait.end(now: at(60)) == true)
        #expect(wait.end(now: at(60)) == false)
    }
}
