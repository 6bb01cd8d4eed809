// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does

package import ReelworkCore

/// Why a job stands where it does, and what can change that.
///
/// Its texts are a line or two each, and its workers so few that it always fits into a frame.
package struct JobExplanation: Hashable, Sendable {
    /// One reason.
    package struct Reason: Hashable, Sendable {
        /// The reason in a word.
        package let code: WhyCode
        /// The reason in a sentence.
        package let text: String
        /// How many workers it holds for; 0 where it is about none.
        package let count: UInt64

        /// Makes a reason; a text that is too long is cut.
        package init(_ code: WhyCode, _ text: String, count: Int = 0) {
            self.code = code
            self.text = JobExplanation.cut(text)
            self.count = UInt64(clamping: count)
        }
    }

    /// A worker that was considered.
    package struct Considered: Hashable, Sendable {
        /// The worker.
        package let name: String
        /// What it lacks for the job, in a word.
        package let code: WhyCode
        /// What it lacks for the job, as a sentence whose subject it is.
        package let text: String

        /// Makes it; a text that is too long is cut.
        package init(name: String, code: WhyCode, text: String) {
            self.name = name
            self.code = code
            self.text = JobExplanation.cut(text)
        }
    }

    /// The job.
    package let number: JobNumber
    /// Where it stands.
    package let state: JobState
    /// Why; the first is the answer.
    package private(set) var reasons: [Reason]
    /// Its rank; nil where it does not wait.
    package var rank: Rank?
    /// Its place among the waiting jobs of its tenant; 1 is the next.
    package var place: UInt64?
    /// More wait than were counted: its place is this or a later one.
    package var isPlaceAtLeast = false
    /// The next time at which anything can change by itself.
    package var nextAt: Timestamp?
    /// The workers that were considered, the nearest to taking it first.
    package var workers: [Considered] = []
    /// There are more workers than are told.
    package var isCut = false

    /// Makes an explanation; there is always a reason.
    package init(of number: JobNumber, _ state: JobState, _ first: Reason) {
        self.number = number
        self.state = state
        reasons = [first]
    }

    /// Adds a reason, after those that weigh more.
    package mutating func add(_ reason: Reason) { reasons.append(reason) }

    /// A text of at most ``Limits/whyTextBytesMax`` bytes, cut at a character.
    static func cut(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.count > Limits.whyTextBytesMax else { return text }
        let mark = "…"
        var end = bytes.index(bytes.startIndex, offsetBy: Limits.whyTextBytesMax - mark.utf8.count)
        // One character may be longer than all of the text may be: then it is cut at a scalar.
        let characterEnd = text.index(before: text.index(after: end))
        if bytes.distance(from: characterEnd, to: end) < characterBytesMax {
            end = characterEnd
        } else {
            end = text.unicodeScalars.index(before: text.unicodeScalars.index(after: end))
        }
        return String(text[..<end]) + mark
    }

    /// Bytes of a character that is left out whole where a text is cut.
    private static let characterBytesMax = 64
}
