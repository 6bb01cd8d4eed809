// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a register cannot be read.

/// Why a register of credentials cannot be read.
package struct CredentialBookError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package var line: Int
    /// What is wrong with it.
    package var words: String

    init(line: Int, _ words: String) {
        self.line = line
        self.words = words
    }

    /// All of it in one line.
    package var description: String { "line \(line) \(words)" }
}
