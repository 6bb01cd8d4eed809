// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does

import ReelworkCore

extension Scheduler {
    mutating func explain(_ tag: RequestTag, _ target: ResolvedJob, now: Moment) {
        answer(tag, Scheduler.notServed)
    }
}
