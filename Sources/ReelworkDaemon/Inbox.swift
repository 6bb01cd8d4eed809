// SPDX-License-Identifier: Apache-2.0
// Reelwork: what waits for the scheduler

import ReelworkCore
import ReelworkSystem
import Synchronization

/// What waits for the scheduler: many producers, one consumer that takes all of it at once.
///
/// A producer rings only where the consumer may be asleep, so a busy scheduler costs no system
/// call.
final class Inbox: Sendable {
    private struct State {
        var letters: [Letter] = []
        var isAwake = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell

    init() throws(DaemonError) {
        guard let bell = Doorbell() else { throw .resources("no file descriptor is left") }
        self.bell = bell
    }

    /// Adds a letter; false where the inbox is full and the sender must be told to come later.
    @discardableResult
    func post(_ letter: Letter) -> Bool {
        let (isTaken, mustRing) = state.withLock { state in
            guard state.letters.count < Limits.inboxItemsMax || letter.isOwn else {
                return (false, false)
            }
            state.letters.append(letter)
            defer { state.isAwake = true }
            return (true, !state.isAwake)
        }
        if mustRing { bell.ring() }
        return isTaken
    }

    /// Wakes the consumer although there is no letter.
    func ring() { bell.ring() }

    /// Takes all letters; where there are none the consumer counts as asleep from here on.
    func take(into letters: inout [Letter]) {
        state.withLock { state in
            swap(&letters, &state.letters)
            state.isAwake = !letters.isEmpty
        }
    }

    /// Waits for a letter or a time.
    func wait(until deadline: BootInstant) { bell.wait(until: deadline) }

    /// Letters that wait.
    var count: Int { state.withLock { $0.letters.count } }
}
