// SPDX-License-Identifier: Apache-2.0
// Reelwork: running ended jobs once more

import ReelworkCore

extension Scheduler {
    mutating func retry(
        _ tag: RequestTag,
        _ orders: [RetryOrder],
        reason: String,
        actor: String,
        now: Moment
    ) {
        answer(tag, Scheduler.notServed)
    }
}
