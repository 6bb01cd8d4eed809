// SPDX-License-Identifier: Apache-2.0
// Reelwork: how much of a job is shown

/// How much of a job is shown.
package enum JobDetail: UInt8, CaseIterable, Hashable, Sendable {
    /// Without the parameters.
    case short = 0
    /// All of it.
    case withParameters = 1
}
