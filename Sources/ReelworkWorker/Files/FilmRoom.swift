// SPDX-License-Identifier: Apache-2.0
// Reelwork: how much room there is for films

import CReelworkSystem
import Foundation
import ReelworkCore
import Synchronization

/// How much room there is where films are made.
///
/// A part lies in the folder of its output, so that is where room is needed: under the folders of
/// `--root`, or, where a worker has none, where it made parts in the last minutes, so that a full
/// folder keeps films away for a while only. Without any of them only the scratch folder is known.
package final class FilmRoom: Sendable {
    private let scratch: String
    private let roots: [String]
    /// The folders of parts made lately, the last one at the end.
    private let folders = Mutex<[(path: String, at: ContinuousClock.Instant)]>([])

    /// Folders of parts that are remembered.
    private static let foldersMax = 8

    /// Makes one; `roots` are resolved.
    package init(scratch: String, roots: [String]) {
        self.scratch = scratch
        self.roots = roots
    }

    /// A part is made in a folder.
    func note(_ folder: String, at now: ContinuousClock.Instant = .now) {
        guard roots.isEmpty else { return }
        folders.withLock { folders in
            folders.removeAll { $0.path == folder }
            folders.append((folder, now))
            if folders.count > FilmRoom.foldersMax { folders.removeFirst() }
        }
    }

    /// What is free, in MiB: the least of the places where the next film may go; 0 also where the
    /// scratch folder is full, since no attempt can begin then.
    package var mebibytesFree: UInt64 { mebibytesFree(at: .now) }

    func mebibytesFree(at now: ContinuousClock.Instant) -> UInt64 {
        let own = HostFacts.mebibytesFree(scratch)
        guard own > 0 else { return 0 }
        let lately = folders.withLock { folders in
            folders.removeAll { now - $0.at > Limits.filmFolderTime }
            return folders.map(\.path)
        }
        // A root that only inputs lie under is mostly read-only, and says nothing of films.
        let places = (roots + lately).filter { access($0, W_OK) == 0 }
        let free = places.compactMap { HostFacts.bytesFree($0) }.min()
        return free.map { $0 >> 20 } ?? own
    }
}
