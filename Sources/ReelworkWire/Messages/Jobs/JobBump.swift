// SPDX-License-Identifier: Apache-2.0
// Reelwork: JOB_BUMP

package import ReelworkCore

/// Puts queued jobs before the others of their tenant (method 019).
package enum JobBump: WireCall {
    /// The method.
    package static let method = Method.jobBump
    /// Which jobs, and why.
    package typealias Request = JobsRequest
    /// The answer.
    package typealias Response = ItemResults
}
