// SPDX-License-Identifier: Apache-2.0
// Reelwork: the requests of one direction that are open.

internal import ReelworkCore

// Invariants: ids rise strictly; none is 0. `counted` = entries that are not exempt.

/// The requests of one direction that are open.
///
/// Ids rise, so an array in order finds, adds and removes without hashing and without allocating.
package struct OpenRequests: Hashable, Sendable {
    /// One open request.
    struct Entry: Hashable, Sendable {
        var id: UInt32
        var methodField: UInt16
        var isExempt: Bool
        var tag: UInt64
        /// This side has said that it no longer wants the answer.
        var isGivenUp = false
    }

    private(set) var entries: [Entry] = []
    /// Entries that count towards the limit of requests in flight.
    private(set) var counted = 0
    /// The highest id that was ever there, or skipped; 0 before the first.
    var last: UInt32 = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// Adds a request whose id is above all others.
    mutating func add(_ entry: Entry) {
        entries.append(entry)
        last = entry.id
        if !entry.isExempt { counted += 1 }
    }

    /// The open request with this id and, where it matters, this method.
    func find(_ id: UInt32) -> Entry? {
        index(id).map { entries[$0] }
    }

    /// Notes that a request's answer is no longer wanted; false where it is not open, or that was
    /// said before.
    mutating func giveUp(_ id: UInt32) -> Bool {
        guard let index = index(id), !entries[index].isGivenUp else { return false }
        entries[index].isGivenUp = true
        return true
    }

    /// Takes a request out.
    @discardableResult
    mutating func remove(_ id: UInt32) -> Entry? {
        guard let index = index(id) else { return nil }
        let entry = entries.remove(at: index)
        if !entry.isExempt { counted -= 1 }
        return entry
    }

    /// Takes a request out where it is open and of this method, in whatever version.
    mutating func remove(_ id: UInt32, ofMethod method: UInt16) -> Bool {
        guard let index = index(id), entries[index].methodField >> 4 == method else { return false }
        if !entries[index].isExempt { counted -= 1 }
        if index == entries.count - 1 { entries.removeLast() } else { entries.remove(at: index) }
        return true
    }

    /// Takes out all whose id is above `id`.
    mutating func removeAll(above id: UInt32) -> [Entry] {
        let start = entries.firstIndex { $0.id > id } ?? entries.endIndex
        let taken = Array(entries[start...])
        entries.removeSubrange(start...)
        for entry in taken where !entry.isExempt { counted -= 1 }
        return taken
    }

    private func index(_ id: UInt32) -> Int? {
        // Answers mostly come in the order of the requests.
        if let first = entries.first, first.id == id { return 0 }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id < id { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].id == id else { return nil }
        return low
    }
}
