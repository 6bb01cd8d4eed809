// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker is sent unasked

package import ReelworkCore

/// What a worker is sent unasked.
package enum SchedulerPush: Sendable {
    /// A job; its spec is added from the store after the commit.
    case assign(Assignment, index: UInt64)
    /// An attempt is taken back.
    case revoke(Revocation)
    /// Say what you hold.
    case inventory
    /// The session is over: say why and close.
    case close(ResultCode, detail: String)
}
