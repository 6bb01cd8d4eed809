// SPDX-License-Identifier: Apache-2.0
// Reelwork: what stands at the output

package import ReelworkCore

/// What stands at the output when an attempt begins.
package enum AttemptLook: Hashable, Sendable {
    /// Nothing, or a file that the submitter allows to be replaced.
    case clear
    /// The film of an earlier granted attempt, by size and checksum; it was looked at and opens.
    case earlierFilm(Grant, ReportItem.Film)
    /// Another file, which may not be replaced.
    case foreignFile
}
