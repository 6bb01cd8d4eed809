// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is asked for more than once

/// An operation that is asked for more than once: the rows of R2's table, and those that came
/// later.
enum RepeatedOperation: CaseIterable {
    case submit, assign, start, finish, fail, release, heartbeat, register
    case cancel, requeue, failByForce, retry, bump, pauseQueue, drainWorker, resumeWorker, stopLoop

    /// Whether a worker says it.
    var isOfWorker: Bool {
        switch self {
        case .assign, .start, .finish, .fail, .release, .heartbeat, .register: true
        case .submit, .cancel, .requeue, .failByForce, .retry, .bump, .pauseQueue, .drainWorker,
            .resumeWorker, .stopLoop:
            false
        }
    }

    /// Whether the worker still has its job afterwards.
    var keepsTheJob: Bool {
        switch self {
        case .finish, .fail, .release: false
        case .submit, .assign, .start, .heartbeat, .register, .cancel, .requeue, .failByForce,
            .retry, .bump, .pauseQueue, .drainWorker, .resumeWorker, .stopLoop:
            true
        }
    }
}
