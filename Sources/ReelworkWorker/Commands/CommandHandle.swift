// SPDX-License-Identifier: Apache-2.0
// Reelwork: the hold that others have on a command

import ReelworkCore
import Synchronization

/// The hold that others have on a command: they may stop it, and read its log while it runs.
///
/// One command a handle. Stopping one that has not begun ends it as soon as it has.
package final class CommandHandle: Sendable {
    private struct State {
        var line: HelperLine?
        /// Asked for; nil where nobody has.
        var stopGrace: Duration?
    }

    /// What the command has written to standard error.
    package let log = LogTail()
    private let state = Mutex(State())

    /// Makes a hold on a command that is still to begin.
    package init() {}

    /// Ends the command: TERM, and KILL when the grace is over; zero kills it at once.
    package func stop(grace: Duration = Limits.terminateGrace) {
        state.withLock { state in
            state.stopGrace = min(state.stopGrace ?? grace, grace)
            return state.line
        }?.stop(grace: grace)
    }

    func begin(_ line: HelperLine) {
        let grace = state.withLock { state in
            state.line = line
            return state.stopGrace
        }
        if let grace { line.stop(grace: grace) }
    }

    func end() {
        state.withLock { $0.line = nil }
    }
}
