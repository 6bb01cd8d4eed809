// SPDX-License-Identifier: Apache-2.0
// Reelwork: which effects form a commit

package import ReelworkCore
package import ReelworkScheduling

/// Which effects form a commit, which answers wait for it, what a failure does.
///
/// A value.
///
/// Invariants:
/// - At most one commit is under way; effects are taken only while none is.
/// - Outputs are released only after their batch, and every batch before it, is on disk.
/// - A full or locked disk drops nothing: the same batch is tried again until it is on disk.
/// - After any other failure nothing is released or written any more: the process must end, for
///   only a new start finds out what the disk holds.
package struct CommitMachine: Sendable {
    /// Where it stands.
    package enum State: Hashable, Sendable {
        /// Nothing is under way.
        ///
        /// Goes to writing with effects.
        case idle
        /// A batch is being written.
        ///
        /// Goes to idle, read-only or stopped.
        case writing(UInt64)
        /// The disk has no room, or is locked.
        ///
        /// The batch is tried again at `retryAt`.
        case readOnly(UInt64, retryAt: BootInstant)
        /// The disk failed.
        ///
        /// Final.
        case stopped
    }

    /// What happened.
    package enum Event: Sendable {
        /// The scheduler settled these.
        case effects(UInt64, SchedulerEffects)
        /// The batch is on disk.
        case written
        /// The batch is not on disk, or nobody knows.
        case failed(StoreError)
        /// Time has passed.
        case tick
    }

    /// What to do.
    package enum Action: Sendable {
        /// Write the batch and say how it went.
        case write(StoreBatch)
        /// Send what waited, and tell the scheduler that the commit is on disk.
        case release(UInt64, SchedulerEffects)
        /// Changes are refused at the door from now on.
        case beginReadOnly(StoreError)
        /// Send these, which depend on no commit.
        case releaseNow([SchedulerOutput])
        /// Changes are taken again.
        case endReadOnly
        /// End the process at once, with exit code 70 (sysexits.h, EX_SOFTWARE).
        case exit(StoreError)
    }

    /// Where it stands.
    package private(set) var state = State.idle
    private var waiting: SchedulerEffects?
    private var isReadOnlyTold = false

    /// How long a full disk is left alone before the batch is tried again.
    package static let retryInterval = Duration.seconds(1)

    /// Makes an idle machine.
    package init() {}

    /// Whether effects may be given to it.
    package var isIdle: Bool { state == .idle }

    /// Whether it takes nothing more, for ever.
    package var isStopped: Bool { state == .stopped }

    /// When it wants a `tick`.
    package var nextTick: BootInstant {
        switch state {
        case .readOnly(_, let retryAt): retryAt
        case .idle, .writing, .stopped: .distantFuture
        }
    }

    /// Takes an event and says what to do.
    package mutating func handle(_ event: Event, now: BootInstant) -> [Action] {
        switch event {
        case .effects(let number, let effects): return take(number, effects)
        case .written: return written()
        case .failed(let error): return failed(error, now: now)
        case .tick: return tick(now: now)
        }
    }

    private mutating func take(_ number: UInt64, _ effects: SchedulerEffects) -> [Action] {
        switch state {
        case .idle:
            guard !effects.batch.isEmpty else { return [.release(number, effects)] }
            waiting = effects
            state = .writing(number)
            return [.write(effects.batch)]
        case .writing, .readOnly:
            preconditionFailure("effects were given to a commit machine that is not idle")
        case .stopped: return []
        }
    }

    private mutating func written() -> [Action] {
        switch state {
        case .writing(let number):
            state = .idle
            guard let effects = waiting else { return [] }
            waiting = nil
            guard isReadOnlyTold else { return [.release(number, effects)] }
            isReadOnlyTold = false
            return [.endReadOnly, .release(number, effects)]
        case .idle, .readOnly, .stopped: return []
        }
    }

    private mutating func failed(_ error: StoreError, now: BootInstant) -> [Action] {
        switch state {
        case .writing(let number):
            switch error {
            case .full, .locked:
                state = .readOnly(
                    number,
                    retryAt: now.advanced(by: CommitMachine.retryInterval)
                )
                guard !isReadOnlyTold else { return [] }
                isReadOnlyTold = true
                let independent = waiting?.takeIndependent() ?? []
                return independent.isEmpty
                    ? [.beginReadOnly(error)] : [.beginReadOnly(error), .releaseNow(independent)]
            case .failed, .corrupt, .newer, .inUse, .unusable, .gone, .refused:
                state = .stopped
                waiting = nil
                return [.exit(error)]
            }
        case .idle, .readOnly, .stopped: return []
        }
    }

    private mutating func tick(now: BootInstant) -> [Action] {
        switch state {
        case .readOnly(let number, let retryAt):
            guard retryAt <= now, let effects = waiting else { return [] }
            state = .writing(number)
            return [.write(effects.batch)]
        case .idle, .writing, .stopped: return []
        }
    }
}
