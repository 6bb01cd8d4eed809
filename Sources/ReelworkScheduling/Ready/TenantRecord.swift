// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a tenant has and had

import ReelworkCore

/// What a tenant has, and what it had beside others.
struct TenantRecord: Sendable {
    let name: String
    /// What each assignment adds to its virtual time.
    let cost: UInt64
    /// Jobs in workers' hands, at most.
    let heldMax: Int
    /// Its live jobs: one without is forgotten in time.
    var jobs = 0
    /// It is in the list of those that may be forgotten.
    var isIdleListed = false
    /// Its jobs that wait to be handed out.
    var waiting = 0
    /// Its jobs in workers' hands.
    var held = 0
    /// Assigned ÷ weight, counted from the time at which it began to wait.
    var time: UInt64 = 0
    /// When it was served last, as a count of all assignments; 0 where it never was.
    var turn: UInt64 = 0
    /// Its lines.
    var lines: [LineIndex] = []
    /// Those that stand in no pool because it has all that it may have.
    var benched: [LineIndex] = []

    init(name: String, policy: TenantPolicy) {
        self.name = name
        cost = TenantRecord.scale / UInt64(max(1, policy.weight))
        heldMax = policy.heldMax ?? Int.max
    }

    /// Whether it has all that it may have.
    var isAtCap: Bool { held >= heldMax }

    /// What an assignment costs a tenant of weight 1: the smallest number that 1 to 16 divide, so
    /// that usual weights share exactly; 2⁶⁴ of it are 25 million million assignments.
    static let scale: UInt64 = 720_720
}
