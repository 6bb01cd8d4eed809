// SPDX-License-Identifier: Apache-2.0
// Reelwork: an attempt in a worker's hands

import ReelworkCore

/// An attempt in a worker's hands, as both sides count it: from the assignment, or from the verdict
/// keep or adopt, until its terminal report is received.
struct OpenAttempt: Hashable, Sendable {
    /// What the set is keyed by: a worker may hold two attempts of one job.
    struct Key: Hashable, Comparable, Sendable {
        var number: JobNumber
        var attempt: AttemptNumber

        static func < (left: Key, right: Key) -> Bool {
            left.number == right.number
                ? left.attempt < right.attempt : left.number < right.number
        }
    }

    /// What it uses up on the worker until it ends, devices by their full names.
    var needs: [ResourceAmount]
    /// What it uses up by a guess: counted where the worker's capacity was declared.
    var estimates: [ResourceAmount] = []
    /// The worker has said that it has it, so it is part of the digest.
    var isSeen: Bool
}
