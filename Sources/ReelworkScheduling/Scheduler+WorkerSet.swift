// SPDX-License-Identifier: Apache-2.0
// Reelwork: draining, resuming and removing workers

import ReelworkCore

extension Scheduler {
    mutating func setWorker(_ tag: RequestTag, _ order: WorkerOrder, now: Moment) {
        answer(tag, Scheduler.notServed)
    }
}
