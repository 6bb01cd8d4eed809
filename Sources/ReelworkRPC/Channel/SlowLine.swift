// SPDX-License-Identifier: Apache-2.0
// Reelwork: sessions in the order of who has taken nothing for the longest.

internal import ReelworkCore

// Invariant: no entry is earlier than its parent (`entries` is a binary heap).

/// Sessions in the order of who has taken nothing for the longest, as far as is known.
///
/// What is filed for a session is when it was last seen to take something; it may have taken more
/// since, never less. So who is first is looked at again, and filed anew where it has.
struct SlowLine: Sendable {
    /// One session.
    struct Entry: Hashable, Sendable, Comparable {
        var at: BootInstant
        var id: UInt64

        static func < (one: Entry, other: Entry) -> Bool {
            (one.at, one.id) < (other.at, other.id)
        }
    }

    private var entries: [Entry]

    /// Files some sessions.
    init(_ entries: [Entry] = []) {
        // An array in order is a heap.
        self.entries = entries.sorted()
    }

    var count: Int { entries.count }

    /// Files a session.
    mutating func add(_ entry: Entry) {
        entries.append(entry)
        var index = entries.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries[index] < entries[parent] else { return }
            entries.swapAt(index, parent)
            index = parent
        }
    }

    /// Takes out those that are gone.
    mutating func forget(_ isGone: (UInt64) -> Bool) {
        // An array in order is a heap.
        entries = entries.filter { !isGone($0.id) }.sorted()
    }

    /// Takes out anyone, until nobody is left: the line is no line meanwhile.
    mutating func popAny() -> Entry? { entries.popLast() }

    /// Takes out who is first.
    mutating func popFirst() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < entries.count else { return first }
            let right = left + 1
            let least = right < entries.count && entries[right] < entries[left] ? right : left
            guard entries[least] < entries[index] else { return first }
            entries.swapAt(index, least)
            index = least
        }
    }
}
