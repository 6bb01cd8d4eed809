// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler that is started again

import ReelworkCore
import ReelworkScheduling

extension World {
    /// A second scheduler from what this one made durable; workers' connections are gone.
    mutating func restart() {
        let restored = model.liveJobs.compactMap { stored in
            contents[stored.row.number].map {
                Scheduler.RestoredJob(stored: stored, content: $0)
            }
        }
        scheduler = Scheduler(
            restoring: restored,
            workers: model.workers.values.sorted { $0.registration.name < $1.registration.name },
            queues: model.queues.values.sorted { $0.queue.rawValue < $1.queue.rawValue },
            marks: model.marks.sorted { $0.number < $1.number },
            nextNumber: JobNumber(UInt64(model.jobs.count + 1)),
            policy: scheduler.policy,
            random: RandomSource(seed: 9, now.wall.milliseconds.magnitude),
            now: now
        )
        settle()
    }
}
