// SPDX-License-Identifier: Apache-2.0
// Reelwork: what was found of a proof.

package import ReelworkWire

/// What was found of an AUTH.
package enum SessionVerdict: Hashable, Sendable {
    /// It is good.
    case admitted(AuthOK)
    /// It is not.
    case rejected(ErrorMessage)
}
