// SPDX-License-Identifier: Apache-2.0
// Reelwork: the loops' turns

/// The turns of the three loops (requirements, R7).
package enum SchedulerSweep: UInt8, CaseIterable, Sendable {
    /// Hands out what can be handed out.
    case scheduling
    /// Looks for workers whose lease is over and runs whose time is.
    case health
    /// Looks for jobs in the hands of dead, removed or unknown workers and for waits that are over.
    case cleanup
}
