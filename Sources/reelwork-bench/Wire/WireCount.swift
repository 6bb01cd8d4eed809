// SPDX-License-Identifier: Apache-2.0
// Reelwork: answers counted

import Synchronization

/// Answers counted by the loop that reads them.
final class WireCount: Sendable {
    private let answers = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)

    /// A connection got something else than answers.
    func fail() { failures.add(1, ordering: .relaxed) }

    var hasFailed: Bool { failures.load(ordering: .relaxed) > 0 }

    func add(_ count: Int) { answers.add(count, ordering: .relaxed) }

    var total: Int { answers.load(ordering: .relaxed) }
}
