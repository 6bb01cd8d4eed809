// SPDX-License-Identifier: Apache-2.0
// Reelwork: tells its maker how far a delivery has come.

internal import Synchronization

/// Tells its maker how far what was delivered before it has come, whatever becomes of it: nothing
/// is left waiting for a connection that is gone.
///
/// Whoever makes large answers makes the next one when it is wanted, instead of as many as are
/// asked for.
package final class DeliveryTicket: Sendable {
    private let framed: @Sendable () -> Void
    private let left: @Sendable () -> Void
    private let isFramed = Atomic<Bool>(false)

    /// Makes a ticket.
    ///
    /// `framed` is called once when the event loop has taken what stands before it, `left` once
    /// after that, when the kernel has all of it or the connection is gone. Both on any thread;
    /// they must not send.
    package init(
        framed: @escaping @Sendable () -> Void,
        left: @escaping @Sendable () -> Void
    ) {
        self.framed = framed
        self.left = left
    }

    func noteFramed() {
        guard !isFramed.exchange(true, ordering: .relaxed) else { return }
        framed()
    }

    deinit {
        noteFramed()
        left()
    }
}
