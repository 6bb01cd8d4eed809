// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the scheduler of a simulated world says

import ReelworkCore
import ReelworkScheduling

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
