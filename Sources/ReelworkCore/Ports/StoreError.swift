// SPDX-License-Identifier: Apache-2.0
// Reelwork: what can go wrong at the disk

/// What can go wrong at the disk.
public enum StoreError: Error, Hashable, Sendable {
    /// No space: nothing of the batch was written, and it can be tried again.
    case full(String)
    /// Another process held the lock for ``Limits/storeLockWait``: nothing was written.
    case locked(String)
    /// An I/O error, a failed sync or an unknown outcome: the process must end and recover.
    case failed(String)
    /// The file is damaged or no database of ours.
    case corrupt(String)
    /// The file is of a newer version of this program.
    case newer(found: Int, known: Int)
    /// Another scheduler uses the data folder.
    case inUse(String)
    /// The file or folder cannot be opened or written; it says what to do.
    case unusable(String)
    /// What is written goes to files that are no longer at their place: a new start would not find
    /// it.
    case gone(String)
    /// A batch that breaks the store's rules: a bug of ours, refused by a constraint.
    case refused(String)

    /// What happened and what to do, for people.
    public var explanation: String {
        switch self {
        case .full(let text): "the disk is full: \(text)"
        case .locked(let text): "the database is locked by another process: \(text)"
        case .failed(let text): "the disk failed: \(text)"
        case .corrupt(let text): "the database is damaged: \(text); restore a backup"
        case .newer(let found, let known):
            "the database has schema version \(found), this program knows up to \(known); "
                + "use a newer reelwork"
        case .inUse(let text): text
        case .unusable(let text): text
        case .gone(let text): text
        case .refused(let text): "the database refused a change that breaks its rules: \(text)"
        }
    }
}
