// SPDX-License-Identifier: Apache-2.0
// Reelwork: threads that read the store

import ReelworkCore
import ReelworkRPC
import ReelworkSystem
import Synchronization

/// Threads that read the store, so that no page of jobs holds up an event loop or the scheduler.
///
/// Pages have a thread of their own, and are read when they are wanted: a connection's next one
/// when the kernel has taken all of the last one, and never more of all connections than the event
/// loops have taken (``Limits/pagesOnTheirWayMax``). So a thousand peers that ask for pages and
/// read nothing cost one page each and hold up nobody who asks for one job.
final class ReadPool: Sendable {
    private struct State {
        var queue: ReadQueue
        var pages: ReadQueue
        /// Pages that are being read, or that no event loop has taken yet.
        var pagesOnTheirWay = 0
        var isClosed = false
    }

    private let state: Mutex<State>
    private let bells: [Doorbell]
    private let pageBell: Doorbell
    private let threads = Mutex<[DedicatedThread]>([])

    init(threads count: Int, tasksMax: Int) throws(DaemonError) {
        state = Mutex(
            State(
                queue: ReadQueue(countMax: tasksMax),
                pages: ReadQueue(countMax: tasksMax, isHolding: true)
            )
        )
        var bells: [Doorbell] = []
        for _ in 0..<count { bells.append(try Self.bell()) }
        self.bells = bells
        pageBell = try Self.bell()
        for bell in bells { try start("read") { [self] in run(bell) } }
        try start("pages") { [self] in runPages() }
    }

    private static func bell() throws(DaemonError) -> Doorbell {
        guard let bell = Doorbell() else { throw .resources("no file descriptor is left") }
        return bell
    }

    private func start(
        _ name: String,
        _ body: @escaping @Sendable () -> Void
    ) throws(DaemonError) {
        guard let thread = DedicatedThread(name: name, body) else {
            close()
            throw .resources("no thread can be started")
        }
        threads.withLock { $0.append(thread) }
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

    /// Runs a read whose answer is large, when the connection has taken the one before; false where
    /// too many wait.
    ///
    /// Its ticket is to be delivered behind what it sends.
    func runPage(
        for connection: UInt64,
        _ task: @escaping @Sendable (DeliveryTicket) -> Void
    ) -> Bool {
        let isTaken = state.withLock { state in
            !state.isClosed
                && state.pages.put({ [self] in task(ticket(connection)) }, for: connection)
        }
        if isTaken { pageBell.ring() }
        return isTaken
    }

    private func ticket(_ connection: UInt64) -> DeliveryTicket {
        DeliveryTicket(
            framed: { [self] in
                state.withLock { $0.pagesOnTheirWay -= 1 }
                pageBell.ring()
            },
            left: { [self] in
                state.withLock { $0.pages.free(connection) }
                pageBell.ring()
            }
        )
    }

    /// Forgets what a connection has asked that is gone.
    func forget(_ connection: UInt64) {
        state.withLock { state in
            state.queue.forget(connection)
            state.pages.forget(connection)
        }
    }

    /// Ends the threads after what waits is done, but for pages that wait for a slow reader.
    func close() {
        state.withLock { $0.isClosed = true }
        for bell in bells { bell.ring() }
        pageBell.ring()
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

    private func runPages() {
        while true {
            let (task, isClosed) = state.withLock { state -> (ReadQueue.Task?, Bool) in
                guard state.pagesOnTheirWay < Limits.pagesOnTheirWayMax,
                    let task = state.pages.take()
                else { return (nil, state.isClosed) }
                state.pagesOnTheirWay += 1
                return (task, state.isClosed)
            }
            if let task {
                task()
            } else if isClosed {
                return
            } else {
                pageBell.wait(until: .distantFuture)
            }
        }
    }
}
