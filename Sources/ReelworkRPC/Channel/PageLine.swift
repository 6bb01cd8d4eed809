// SPDX-License-Identifier: Apache-2.0
// Reelwork: pages that wait to be put into frames.

// Invariant: `done` ≤ the number of `deliveries`.

/// Pages that wait to be put into frames: an event loop makes one, looks at its connections, and
/// makes the next, so that no small answer waits behind many pages.
struct PageLine: Sendable {
    private var deliveries: [RPCDelivery] = []
    /// Deliveries at the start that are done.
    private var done = 0

    var count: Int { deliveries.count - done }

    mutating func append(_ delivery: RPCDelivery) { deliveries.append(delivery) }

    mutating func popFirst() -> RPCDelivery? {
        guard done < deliveries.count else { return nil }
        let first = deliveries[done]
        done += 1
        if done == deliveries.count {
            deliveries.removeAll(keepingCapacity: true)
            done = 0
        }
        return first
    }
}
