// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker lives

/// A worker lives: known from a word of it that waits to be looked at.
package enum SignOfLife: Hashable, Sendable {
    /// Its session has said something.
    case session(SessionID)
    /// It registers anew.
    case worker(String, incarnation: UInt64)
}
