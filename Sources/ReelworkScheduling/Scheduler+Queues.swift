// SPDX-License-Identifier: Apache-2.0
// Reelwork: pausing and resuming queues

import ReelworkCore

extension Scheduler {
    /// Pauses a queue or lets it go on; what runs is not touched, and asking again changes nothing.
    mutating func setQueue(_ tag: RequestTag, _ order: QueueOrder, now: Moment) {
        if ready.setPaused(order.queue, order.isPaused) {
            effects.batch.queues.append(
                QueueRow(
                    queue: order.queue,
                    paused: order.isPaused ? now.wall : nil,
                    actor: order.actor,
                    reason: order.reason
                )
            )
            note(
                .queueSet(
                    order.queue,
                    isPaused: order.isPaused,
                    reason: order.reason,
                    actor: order.actor
                )
            )
        }
        answer(tag, .results([ItemResult(.ok)]))
    }
}
