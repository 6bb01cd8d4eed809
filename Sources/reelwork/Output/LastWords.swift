// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a process says before it ends

import ReelworkCore
import ReelworkSystem

/// What a process says before it ends: on a thread of its own, for nobody may keep a process from
/// its end by not reading.
enum LastWords {
    /// Writes a line to standard error, and waits for that so long at most.
    static func say(_ text: String, within time: Duration) {
        guard let bell = Doorbell() else { return }
        let deadline = SystemClock.boot().advanced(by: time)
        let thread = DedicatedThread(name: "last-words") {
            Output.error(text)
            bell.ring()
        }
        guard thread != nil else { return }
        bell.wait(until: deadline)
    }
}
