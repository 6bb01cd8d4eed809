// SPDX-License-Identifier: Apache-2.0
// Reelwork: so many at once, the others wait in order.

internal import ReelworkRPC
internal import Synchronization

/// Lets so many through at once; the others wait in the order in which they came.
///
/// A task that waits here holds nothing but itself: its request is not encoded yet. So memory is
/// bounded by what goes through, however many tasks call.
final class Turnstile: Sendable {
    /// Leave to be through; it ends when nobody holds it any more.
    final class Pass: Sendable {
        private let turnstile: Turnstile

        fileprivate init(_ turnstile: Turnstile) {
            self.turnstile = turnstile
        }

        deinit { turnstile.leave() }
    }

    private struct State {
        var free: Int
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        /// Those before it have gone: taking the first out costs nothing.
        var head = 0
        var lastID: UInt64 = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: max(count, 1)))
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.waiting.count - $0.head } }

    /// Waits for leave; throws where the task is canceled meanwhile.
    func pass() async throws(RPCError) -> Pass {
        let (isThrough, id) = state.withLock { state in
            guard state.free > 0 else {
                state.lastID += 1
                return (false, state.lastID)
            }
            state.free -= 1
            return (true, 0)
        }
        if isThrough { return Pass(self) }
        let isLet = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, $0) }
        } onCancel: {
            giveUp(id)
        }
        guard isLet else { throw .canceledByCaller }
        return Pass(self)
    }

    private func wait(_ id: UInt64, _ continuation: CheckedContinuation<Bool, Never>) {
        let isThrough = state.withLock { state in
            // One may have left since.
            guard state.free == 0 else {
                state.free -= 1
                return true
            }
            state.waiting.append((id, continuation))
            return false
        }
        if isThrough { return continuation.resume(returning: true) }
        // Where the task was canceled before it stood here, nobody else takes it away.
        if Task.isCancelled { giveUp(id) }
    }

    private func giveUp(_ id: UInt64) {
        let found: CheckedContinuation<Bool, Never>? = state.withLock { state in
            let index = state.waiting[state.head...].firstIndex { $0.id == id }
            return index.map { state.waiting.remove(at: $0).continuation }
        }
        found?.resume(returning: false)
    }

    private func leave() {
        let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard state.head < state.waiting.count else {
                state.waiting.removeAll()
                state.head = 0
                state.free += 1
                return nil
            }
            let next = state.waiting[state.head].continuation
            state.head += 1
            if state.head > 1_024, state.head * 2 > state.waiting.count {
                state.waiting.removeFirst(state.head)
                state.head = 0
            }
            return next
        }
        next?.resume(returning: true)
    }
}
