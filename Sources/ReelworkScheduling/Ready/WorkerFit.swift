// SPDX-License-Identifier: Apache-2.0
// Reelwork: how a worker would run a job

import ReelworkCore

/// How a worker would run a job: the engine, and what the job would take up.
struct WorkerFit: Sendable {
    let engine: String
    /// What it would take up, devices by their full names.
    let needs: [ResourceAmount]
    /// What it would take up by a guess.
    let estimates: [ResourceAmount]

    /// The devices that it would have.
    var devices: [ResourceAmount] { needs.filter { $0.device != nil && $0.amount > 0 } }
}
