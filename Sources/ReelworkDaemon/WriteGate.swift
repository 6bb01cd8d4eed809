// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether the store takes changes

import ReelworkCore
import ReelworkScheduling
import Synchronization

/// Whether the store takes changes: what the door, the deciding thread and the metrics look at.
///
/// While it is shut changes are refused at the door and no timer is acted on, for nothing may
/// change that cannot be written.
final class WriteGate: Sendable {
    private let inbox: Inbox
    private let isShutNow = Atomic<Bool>(false)
    private let why = Mutex<StoreError?>(nil)

    init(inbox: Inbox) {
        self.inbox = inbox
    }

    /// Shuts it for a reason, or opens it with nil; the scheduler hears of the opening.
    func set(_ error: StoreError?) {
        why.withLock { $0 = error }
        let wasShut = isShutNow.exchange(error != nil, ordering: .sequentiallyConsistent)
        if wasShut, error == nil { inbox.post(.input(.resumed)) }
        inbox.ring()
    }

    /// Whether changes are refused.
    var isShut: Bool { isShutNow.load(ordering: .sequentiallyConsistent) }

    /// Why changes are refused; nil where they are taken.
    var refusal: StoreError? { isShut ? why.withLock { $0 } : nil }
}
