// SPDX-License-Identifier: Apache-2.0
// Reelwork: what waits for an event loop to send it.

internal import Synchronization

/// What waits for an event loop to send it: all that comes before the loop's turn is one batch, so
/// that many small deliveries cost one hop and one flush.
final class DeliveryInbox: Sendable {
    private let waiting = Mutex<[RPCDelivery]>([])

    /// Adds deliveries; true where the loop must be told.
    func put(_ deliveries: [RPCDelivery]) -> Bool {
        waiting.withLock { waiting in
            guard waiting.isEmpty else {
                waiting += deliveries
                return false
            }
            waiting = deliveries
            return true
        }
    }

    /// Whether nothing waits.
    var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

    /// Takes all that waits.
    func take() -> [RPCDelivery] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
