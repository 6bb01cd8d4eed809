// SPDX-License-Identifier: Apache-2.0
// Reelwork: CANCEL_JOB

package import ReelworkCore

/// Cancels jobs (method 014).
package enum CancelJob: WireCall {
    /// The method.
    package static let method = Method.cancelJob
    /// Which jobs, and why.
    package typealias Request = JobsRequest
    /// The answer.
    package typealias Response = ItemResults
}
