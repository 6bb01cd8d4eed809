// SPDX-License-Identifier: Apache-2.0
// Reelwork: what every run of a worker has in common

package import ReelworkEngineKit

/// What every run of a worker has in common.
package struct AttemptSettings: Sendable {
    /// Where the worker keeps its files.
    package var folder: StateFolder
    /// Folders that inputs and outputs must lie under, links resolved; empty = anywhere.
    package var roots: [String]
    /// The engines that are here.
    package var engines: EngineRegistry
    /// Starts commands.
    package var commands: CommandRunner
    /// Notes what is started and made.
    package var ledger: Ledger
    /// The numbers behind time limits.
    package var timeouts: TimeoutPolicy
    /// Threads that an encoder may use; nil for as many as it likes.
    package var threadsMax: UInt32?
    /// Where films are made, for those who ask how much room there is.
    package var room: FilmRoom

    /// Puts them together.
    package init(
        folder: StateFolder,
        roots: [String] = [],
        engines: EngineRegistry,
        commands: CommandRunner,
        ledger: Ledger,
        timeouts: TimeoutPolicy = TimeoutPolicy(),
        threadsMax: UInt32? = nil
    ) {
        self.folder = folder
        self.roots = roots
        self.engines = engines
        self.commands = commands
        self.ledger = ledger
        self.timeouts = timeouts
        self.threadsMax = threadsMax
        room = FilmRoom(scratch: folder.path, roots: roots)
    }
}
