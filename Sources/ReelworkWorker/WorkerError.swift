// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a worker cannot work

/// Why a worker cannot work.
package struct WorkerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds, for exit codes.
    package enum Code: Hashable, Sendable {
        /// What it was told makes no sense: usage.
        case invalid
        /// Another worker uses its folder.
        case alreadyRunning
        /// Its folder cannot be used.
        case folder
        /// `reelwork-exec` is not there.
        case helperMissing
    }

    /// The kind.
    package var code: Code
    /// What is wrong and what to do.
    package var message: String

    /// Makes an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
