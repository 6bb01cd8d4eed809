// SPDX-License-Identifier: Apache-2.0
// Reelwork: what is to become of a worker.

/// What is to become of a worker.
public enum WorkerAction: Hashable, Sendable {
    /// Nothing more is assigned to it; what it holds goes on.
    ///
    /// `within`: what has not ended by then is handed back, to run elsewhere; nil = no limit.
    case drain(within: Duration? = nil)
    /// It gets work again.
    case resume
    /// It is forgotten, and its jobs go elsewhere; refused while it is alive and holds jobs.
    case remove
}
