// SPDX-License-Identifier: Apache-2.0
// Reelwork: lives that were finished

import Synchronization

/// Lives that were finished, counted by all lanes until the time is over.
final class LifeCounter: Sendable {
    private let lives = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)

    /// Lives so far.
    var count: Int { lives.load(ordering: .relaxed) }

    /// Whether the time is over.
    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    func add(_ count: Int) {
        guard !isStopped else { return }
        lives.add(count, ordering: .relaxed)
    }

    func stop() { stopped.store(true, ordering: .relaxed) }
}
