// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job to run once more, as it was asked for

import ReelworkCore

/// A job to run once more, as it was asked for: not yet looked up.
struct RetryRequest: Sendable {
    /// The job that has ended.
    var ref: JobRef
    /// The key of the new one.
    var key: String
}
