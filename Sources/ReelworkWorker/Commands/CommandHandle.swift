// SPDX-License-Identifier: Apache-2.0
// Reelwork: the hold that others have on a command

import Synchronization

/// The hold that others have on a command: they may stop it, and read its log while it runs.
///
/// One command a handle. Stopping one that has not begun ends it as soon as it has.
package final class CommandHandle: Sendable {
    private struct State {
        var line: HelperLine?
        var isStopped = false
    }

    /// What the command has written to standard error.
    package let log = LogTail()
    private let state = Mutex(State())

    /// Makes a hold on a command that is still to begin.
    package init() {}

    /// Ends the command: TERM, and KILL when the grace is over.
    package func stop() {
        state.withLock { state in
            state.isStopped = true
            return state.line
        }?.stop()
    }

    func begin(_ line: HelperLine) {
        let isStopped = state.withLock { state in
            state.line = line
            return state.isStopped
        }
        if isStopped { line.stop() }
    }

    func end() {
        state.withLock { $0.line = nil }
    }
}
