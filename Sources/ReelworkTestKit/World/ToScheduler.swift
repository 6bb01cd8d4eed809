// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers of a simulated world say

import ReelworkCore
import ReelworkScheduling

/// What a worker sends, decoded.
enum ToScheduler {
    case register(request: UInt32, WorkerRegistration, [HeldAttempt])
    case heartbeat(request: UInt32, HeartbeatNote)
    case credit(UInt64, isDraining: Bool?)
    case report(request: UInt32, limit: UInt64, [ReportItem])
    case inventory(seen: UInt64, [HeldAttempt])
}
