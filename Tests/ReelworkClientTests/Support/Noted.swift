// SPDX-License-Identifier: Apache-2.0
// Reelwork: what several tasks note down

import Synchronization

/// What several tasks note down; it can be shared with a task group, as a mutex alone cannot.
final class Noted<Value: Sendable>: Sendable {
    private let noted: Mutex<Value>

    init(_ value: Value) {
        noted = Mutex(value)
    }

    var value: Value { noted.withLock { $0 } }

    /// Notes something.
    func note(_ body: (inout Value) -> Void) {
        noted.withLock { value in body(&value) }
    }
}
