// SPDX-License-Identifier: Apache-2.0
// Reelwork: assignments that share a frame

package import ReelworkCore
package import ReelworkRPC
package import ReelworkScheduling
import ReelworkWire

/// Assignments that share a frame: those of one worker that nothing else to it comes between.
package struct AssignmentGathering {
    private struct Open {
        var first: UInt64
        var items: [Assignment]
        var bytes: Int
    }

    private var open: [SessionID: Open] = [:]
    /// Sessions in the order in which they began to gather; nothing iterates the dictionary.
    private var order: [SessionID] = []

    /// Begins with nothing gathered.
    package init() {}

    /// Room for fixed fields and grants beside the spec.
    private static let itemBytesFixed = 256
    /// Far below the least frame that a peer may agree to.
    private static let frameBytes = Limits.frameBytesFloor / 2

    /// Adds an assignment; what is full is sent first.
    package mutating func add(
        _ assignment: Assignment,
        index: UInt64,
        to session: SessionID,
        _ deliveries: inout [RPCDelivery]
    ) {
        let bytes = assignment.spec.count + Self.itemBytesFixed
        if let known = open[session],
            known.first + UInt64(known.items.count) != index
                || known.bytes + bytes > Self.frameBytes
                || known.items.count == Limits.batchItemsMax
        {
            flush(session, &deliveries)
        }
        if open[session] == nil {
            open[session] = Open(first: index, items: [], bytes: 0)
            order.append(session)
        }
        open[session]?.items.append(assignment)
        open[session]?.bytes += bytes
    }

    /// Sends what has gathered for one worker.
    package mutating func flush(_ session: SessionID, _ deliveries: inout [RPCDelivery]) {
        guard let ready = open.removeValue(forKey: session) else { return }
        deliveries.append(
            .event(
                Assign.self,
                Assign.Event(firstIndex: ready.first, assignments: ready.items),
                to: RPCConnectionID(rawValue: session.rawValue),
                request: 0
            )
        )
    }

    /// Sends all that has gathered.
    package mutating func flushAll(_ deliveries: inout [RPCDelivery]) {
        for session in order { flush(session, &deliveries) }
        order = []
    }
}
