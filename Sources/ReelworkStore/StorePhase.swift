// SPDX-License-Identifier: Apache-2.0
// Reelwork: what was going on when SQLite failed

/// What was going on when SQLite failed: the same code means different things.
enum StorePhase: Hashable, Sendable {
    /// Opening the file, before anything was promised.
    case open
    /// Reading.
    case read
    /// Writing, before COMMIT: a rollback undoes it all.
    case write
    /// In COMMIT: what is on disk may not be known.
    case commit
}
