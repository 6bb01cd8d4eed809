// SPDX-License-Identifier: Apache-2.0
// Reelwork: how people name a job

/// How a request names a job.
///
/// Nothing is ever guessed: a number is a number and an id is whole.
public enum JobRef: Hashable, Sendable {
    /// By its number.
    case number(JobNumber)
    /// By its universal id.
    case id(JobID)
    /// By the idempotency key it was submitted with.
    case key(String)

    /// Reads `#12`, `12` or a UUID; nil for anything else (lesson 19: no prefix of digits counts).
    public init?(_ text: String) {
        if let id = JobID(text) {
            self = .id(id)
            return
        }
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = UInt64(digits), number > 0
        else { return nil }
        self = .number(JobNumber(number))
    }
}
