// SPDX-License-Identifier: Apache-2.0
// Reelwork: the signal that ends the scheduler

import ArgumentParser
import Foundation
import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkRPC
import ReelworkStore
import Synchronization

/// The wish to stop: heard on one thread, awaited by a task.
final class StopSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation
    private let isHeard = Atomic(false)

    init() {
        (stream, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Hears a signal; false where it is not the first.
    func hear() -> Bool {
        guard !isHeard.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        source.yield()
        return true
    }

    /// Waits for the first signal.
    func wait() async {
        for await _ in stream { return }
    }
}
