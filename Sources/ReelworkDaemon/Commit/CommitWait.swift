// SPDX-License-Identifier: Apache-2.0
// Reelwork: a commit that takes long

import ReelworkCore

/// How long the commit under way has taken, and whether that is so long that workers and runs must
/// not be blamed for it.
///
/// A value.
struct CommitWait {
    /// A commit that takes this long has kept answers and assignments from workers.
    private let patience: Duration
    private var since: BootInstant?

    init(patience: Duration) {
        self.patience = patience
    }

    /// A commit begins.
    mutating func begin(now: BootInstant) { since = now }

    /// Whether a commit is under way that takes long.
    func isLong(now: BootInstant) -> Bool {
        since.map { now.since($0) >= patience } ?? false
    }

    /// No commit is under way; true where the one that was took long.
    mutating func end(now: BootInstant) -> Bool {
        defer { since = nil }
        return isLong(now: now)
    }
}
