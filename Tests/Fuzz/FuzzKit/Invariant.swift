// SPDX-License-Identifier: Apache-2.0
// Reelwork: what must hold, whatever comes

import Glibc

/// What must hold, whatever comes: a fuzzer that finds it broken says so and ends.
package enum Invariant {
    /// Ends the program, with these words, where the condition does not hold.
    package static func hold(_ condition: Bool, _ words: @autoclosure () -> String) {
        guard !condition else { return }
        fail(words())
    }

    /// Ends the program, with these words.
    package static func fail(_ words: String) -> Never {
        let line = Array("broken: \(words)\n".utf8)
        line.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        abort()
    }
}
