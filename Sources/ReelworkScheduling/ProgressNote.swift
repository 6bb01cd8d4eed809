// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far an encode has come, for those who follow

package import ReelworkCore

/// How far an encode has come, with what decides who hears of it.
package struct ProgressNote: Sendable {
    /// What its worker said.
    package var progress: JobProgress
    /// The job's queue.
    package var queue: JobQueue
}
