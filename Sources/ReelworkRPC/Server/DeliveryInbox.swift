// SPDX-License-Identifier: Apache-2.0
// Reelwork: what waits for an event loop to send it.

internal import Synchronization

/// What waits for an event loop to send it: all that comes before the loop's turn is one batch, so
/// that many small deliveries cost one hop and one flush.
final class DeliveryInbox: Sendable {
    private let waiting = Mutex<[RPCDelivery]>([])
    /// Set within the lock; read without it before each answer.
    private let hasWaiting = Atomic<Bool>(false)

    /// Adds deliveries; true where the loop must be told.
    func put(_ deliveries: [RPCDelivery]) -> Bool {
        waiting.withLock { waiting in
            guard waiting.isEmpty else {
                waiting += deliveries
                return false
            }
            waiting = deliveries
            hasWaiting.store(true, ordering: .releasing)
            return true
        }
    }

    /// Whether nothing waits: exact for what the asking thread has put in or taken out itself.
    var isEmpty: Bool { !hasWaiting.load(ordering: .acquiring) }

    /// Takes all that waits.
    func take() -> [RPCDelivery] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            hasWaiting.store(false, ordering: .releasing)
            return waiting
        }
    }
}
