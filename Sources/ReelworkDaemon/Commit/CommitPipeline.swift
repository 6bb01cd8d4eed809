// SPDX-License-Identifier: Apache-2.0
// Reelwork: the thread that writes

import ReelworkCore
import ReelworkScheduling
import ReelworkSystem
import Synchronization

/// The thread that writes: carries out what ``CommitMachine`` says, one batch after the other.
///
/// While it writes, the scheduler's thread applies the next inputs; it gives the next effects when
/// `isIdle` is true again, which its doorbell tells it.
final class CommitPipeline: Sendable {
    /// What the pipeline tells the rest of the daemon.
    struct Handlers: Sendable {
        /// Send what waited.
        ///
        /// On the writing thread.
        var release: @Sendable (UInt64, SchedulerEffects) -> Void
        /// Send these, which depend on no commit.
        var releaseNow: @Sendable ([SchedulerOutput]) -> Void
        /// The pipeline is idle, or read-only has begun or ended.
        var changed: @Sendable () -> Void
        /// The disk is full or locked; nil when that is over.
        var readOnly: @Sendable (StoreError?) -> Void
        /// The disk failed: end the process.
        var exit: @Sendable (StoreError) -> Void
        /// A commit took so long.
        var measured: @Sendable (Duration, StoreBatch) -> Void
    }

    private struct Work {
        var machine = CommitMachine()
        var pending: [CommitMachine.Action] = []
        var isStopping = false
    }

    private let store: any JobStore
    private let handlers: Handlers
    private let work = Mutex(Work())
    private let bell: Doorbell
    private let thread = Mutex<DedicatedThread?>(nil)

    init(store: any JobStore, handlers: Handlers) throws(DaemonError) {
        guard let bell = Doorbell() else { throw .resources("no file descriptor is left") }
        self.bell = bell
        self.store = store
        self.handlers = handlers
    }

    func start() throws(DaemonError) {
        guard let started = DedicatedThread(name: "commit", { [self] in run() }) else {
            throw .resources("no thread can be started")
        }
        thread.withLock { $0 = started }
    }

    /// Whether it can take effects now.
    var isIdle: Bool { work.withLock { $0.machine.isIdle && $0.pending.isEmpty } }

    /// Whether it takes nothing more: the store failed, and the process is to end.
    var isStopped: Bool { work.withLock { $0.machine.isStopped } }

    /// Takes effects; to be called only while it is idle.
    func take(_ number: UInt64, _ effects: SchedulerEffects) {
        work.withLock { work in
            work.pending += work.machine.handle(
                .effects(number, effects),
                now: SystemClock.boot()
            )
        }
        bell.ring()
    }

    /// Writes what was taken, then ends; the final checkpoint comes when nobody reads any more.
    func stop() {
        work.withLock { $0.isStopping = true }
        bell.ring()
        thread.withLock { thread in
            defer { thread = nil }
            return thread
        }?.join()
    }

    private func run() {
        while true {
            let (actions, tick, isStopping) = work.withLock { work in
                work.pending += work.machine.handle(.tick, now: SystemClock.boot())
                defer { work.pending = [] }
                return (work.pending, work.machine.nextTick, work.isStopping)
            }
            if actions.isEmpty {
                // A disk that stays full must not hold up the end: nothing of the batch was
                // answered.
                if isStopping { break }
                bell.wait(until: tick)
                continue
            }
            for action in actions { carryOut(action) }
        }
    }

    private func carryOut(_ action: CommitMachine.Action) {
        switch action {
        case .write(let batch): write(batch)
        case .release(let number, let effects):
            handlers.release(number, effects)
            handlers.changed()
        case .beginReadOnly(let error):
            handlers.readOnly(error)
            handlers.changed()
        case .releaseNow(let outputs): handlers.releaseNow(outputs)
        case .endReadOnly: handlers.readOnly(nil)
        case .exit(let error):
            handlers.exit(error)
            handlers.changed()
        }
    }

    private func write(_ batch: StoreBatch) {
        let start = SystemClock.boot()
        let event: CommitMachine.Event
        do throws(StoreError) {
            try store.apply(batch)
            handlers.measured(SystemClock.boot().since(start), batch)
            event = .written
        } catch {
            event = .failed(error)
        }
        let actions = work.withLock { $0.machine.handle(event, now: SystemClock.boot()) }
        for action in actions { carryOut(action) }
        guard case .written = event else { return }
        do throws(StoreError) {
            try store.checkpoint(isFinal: false)
        } catch {
            switch error {
            case .full, .locked: break
            case .failed, .corrupt, .newer, .inUse, .unusable, .gone, .refused:
                handlers.exit(error)
            }
        }
    }
}
