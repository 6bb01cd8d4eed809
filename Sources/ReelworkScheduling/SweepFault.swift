// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a loop found broken

/// What a loop found broken in its turn: something that events and timers should have done, or a
/// record that contradicts another.
///
/// It was mended where that could be; the loop goes on.
package struct SweepFault: Error, Hashable, Sendable {
    /// What was found, in words.
    package var found: String

    /// Makes a fault.
    package init(found: String) {
        self.found = found
    }
}
