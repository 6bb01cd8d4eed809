// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an end was asked and has asked, and what must hold of it

internal import FuzzKit
internal import ReelworkCore
internal import ReelworkRPC

/// What an end was asked and has asked, and what must hold of it at every moment.
///
/// A request is answered once, and what this end asks comes to one end, whatever the peer does.
package struct FuzzLedger {
    /// A request that was delivered and is not answered.
    package struct Open {
        /// Its id.
        package var id: UInt32
        /// Its method and version.
        package var methodField: UInt16
    }

    /// Requests of the peer that are not answered, in order.
    package private(set) var open: [Open] = []
    /// Requests of this end that have not come to their end, by their tag.
    package private(set) var waiting: [UInt64: UInt32] = [:]
    /// The tag of the next request of this end.
    package private(set) var tagNext: UInt64 = 1
    private var delivered: UInt32 = 0
    private var refused: Set<UInt32> = []
    private var isClosed = false

    /// Makes an empty ledger.
    package init() {}

    /// Takes a tag for a request of this end.
    package mutating func ask() -> UInt64 {
        let tag = tagNext
        tagNext += 1
        waiting[tag] = 0
        return tag
    }

    mutating func sent(_ tag: UInt64, id: UInt32) {
        Invariant.hold(waiting[tag] == 0, "request \(tag) is sent twice")
        Invariant.hold(!waiting.values.contains(id), "two requests have id \(id)")
        waiting[tag] = id
    }

    mutating func settle(_ tag: UInt64, id: UInt32) {
        let sent = waiting.removeValue(forKey: tag)
        Invariant.hold(sent != nil, "request \(tag) has two ends")
        Invariant.hold(sent == id, "request \(tag) ends as \(id) and was sent as \(sent ?? 0)")
    }

    mutating func deliver(_ id: UInt32, _ field: UInt16, countedMax: Int) {
        Invariant.hold(id > delivered, "request \(id) is delivered after \(delivered)")
        Invariant.hold(!refused.contains(id), "request \(id) was refused")
        delivered = id
        open.append(Open(id: id, methodField: field))
        // HEARTBEAT and REPORT are never BUSY.
        let exempt: [UInt16] = [Method.heartbeat.rawValue, Method.report.rawValue]
        let counted = open.count { !exempt.contains($0.methodField >> 4) }
        Invariant.hold(counted <= countedMax, "\(counted) requests are open of \(countedMax)")
        let most = Limits.requestsOpenMax
        Invariant.hold(open.count <= most, "\(open.count) requests are open of \(most)")
    }

    /// An answer goes out; `isRefusal` where the request was never delivered.
    mutating func answer(_ id: UInt32, isRefusal: Bool) {
        if let index = open.firstIndex(where: { $0.id == id }) {
            Invariant.hold(!isRefusal, "request \(id) is delivered and refused")
            open.remove(at: index)
        } else {
            Invariant.hold(isRefusal, "request \(id) is answered and was not open")
            Invariant.hold(refused.insert(id).inserted, "request \(id) is refused twice")
        }
    }

    func expectOpen(_ id: UInt32) {
        Invariant.hold(open.contains { $0.id == id }, "request \(id) is not open")
    }

    /// Looks at each action before it is done.
    mutating func see(_ action: SessionAction) {
        guard isClosed else {
            if case .close = action { isClosed = true }
            return
        }
        // What is asked of a closed end fails at once; it says and does nothing else.
        if case .failed(_, id: 0, methodField: _, tag: _) = action { return }
        Invariant.fail("after the close comes \(action)")
    }

    /// Holds that all that this end asked has come to its end.
    package func expectNothingWaits() {
        Invariant.hold(waiting.isEmpty, "requests \(waiting.keys.sorted()) have no end")
    }
}
