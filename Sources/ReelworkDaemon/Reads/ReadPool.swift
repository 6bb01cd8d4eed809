// SPDX-License-Identifier: Apache-2.0
// Reelwork: threads that read the store

import ReelworkCore
import ReelworkSystem
import Synchronization

/// Threads that read the store, so that no page of jobs holds up an event loop or the scheduler.
final class ReadPool: Sendable {
    private struct State {
        var queue: ReadQueue
        var isClosed = false
    }

    private let state: Mutex<State>
    private let bells: [Doorbell]
    private let threads = Mutex<[DedicatedThread]>([])

    init(threads count: Int, tasksMax: Int) throws(DaemonError) {
        state = Mutex(State(queue: ReadQueue(countMax: tasksMax)))
        var bells: [Doorbell] = []
        for _ in 0..<count {
            guard let bell = Doorbell() else { throw .resources("no file descriptor is left") }
            bells.append(bell)
        }
        self.bells = bells
        for bell in bells {
            guard let thread = DedicatedThread(name: "read", { [self] in run(bell) }) else {
                close()
                throw .resources("no thread can be started")
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Runs a read soon; false where too many wait.
    ///
    /// Connections take turns, so that none waits for all that another has asked.
    func run(for connection: UInt64, _ task: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = state.withLock { state in
            !state.isClosed && state.queue.put(task, for: connection)
        }
        if isTaken { for bell in bells { bell.ring() } }
        return isTaken
    }

    /// Forgets what a connection has asked that is gone.
    func forget(_ connection: UInt64) {
        state.withLock { $0.queue.forget(connection) }
    }

    /// Ends the threads after what waits is done.
    func close() {
        state.withLock { $0.isClosed = true }
        for bell in bells { bell.ring() }
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private func run(_ bell: Doorbell) {
        while true {
            let (task, isClosed) = state.withLock { state in
                (state.queue.take(), state.isClosed)
            }
            if let task {
                task()
            } else if isClosed {
                return
            } else {
                bell.wait(until: .distantFuture)
            }
        }
    }
}
