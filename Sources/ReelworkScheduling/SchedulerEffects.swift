// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a batch of inputs did

package import ReelworkCore

/// What a batch of inputs did: first the disk, then everything else.
package struct SchedulerEffects: Sendable {
    /// What must be durable before anything of `outputs` leaves.
    package var batch: StoreBatch
    /// Answers and pushes, in order.
    package var outputs: [SchedulerOutput]
    /// How far encodes have come, as the workers that hold them said.
    package var progress: [ProgressNote]
    /// For the log, after the commit.
    package var notes: [SchedulerNote]

    /// Makes empty effects.
    package init() {
        batch = StoreBatch()
        outputs = []
        progress = []
        notes = []
    }

    /// Takes out the answers to whoever looks.
    package mutating func takeIndependent() -> [SchedulerOutput] {
        let independent = outputs.filter(\.isIndependent)
        if !independent.isEmpty { outputs.removeAll(where: \.isIndependent) }
        return independent
    }

    /// Whether nothing has to be done.
    package var isEmpty: Bool {
        batch.isEmpty && outputs.isEmpty && progress.isEmpty && notes.isEmpty
    }
}
