// SPDX-License-Identifier: Apache-2.0
// Reelwork: pausing and resuming queues

import ReelworkCore

extension Scheduler {
    mutating func setQueue(_ tag: RequestTag, _ order: QueueOrder, now: Moment) {
        answer(tag, Scheduler.notServed)
    }
}
