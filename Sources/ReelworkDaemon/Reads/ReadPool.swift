// SPDX-License-Identifier: Apache-2.0
// Reelwork: threads that read the store

import ReelworkCore
import ReelworkSystem
import Synchronization

/// Threads that read the store, so that no page of jobs holds up an event loop or the scheduler.
final class ReadPool: Sendable {
    private struct State {
        var tasks: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bells: [Doorbell]
    private let threads = Mutex<[DedicatedThread]>([])
    private let tasksMax: Int

    init(threads count: Int, tasksMax: Int) throws(DaemonError) {
        self.tasksMax = tasksMax
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
    func run(_ task: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.tasks.count < tasksMax else { return false }
            state.tasks.append(task)
            return true
        }
        if isTaken { for bell in bells { bell.ring() } }
        return isTaken
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
                (state.tasks.isEmpty ? nil : state.tasks.removeFirst(), state.isClosed)
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
