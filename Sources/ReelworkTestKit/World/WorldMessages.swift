// SPDX-License-Identifier: Apache-2.0
// Reelwork: what workers and scheduler of a simulated world say

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

/// What a scheduler sends, decoded; `sentAt` is when the request went out that it answers.
enum ToWorker {
    case registered(heartbeat: Duration, lease: Duration, [Verdict], sentAt: BootInstant)
    case heartbeat(sentAt: BootInstant)
    case reported([ItemResult], sentAt: BootInstant)
    case assign(first: UInt64, [Assignment])
    case revoke([Revocation])
    case inventory(request: UInt32)
    /// A request failed; no code where the connection ended before the answer.
    case failed(Method, OpenEnum<ResultCode>?, retryAfter: Duration)

    /// Whether it was sent unasked.
    var isPush: Bool {
        switch self {
        case .assign, .revoke, .inventory: true
        case .registered, .heartbeat, .reported, .failed: false
        }
    }
}
