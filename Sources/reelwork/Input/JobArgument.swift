// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs as people name them

import ArgumentParser
import ReelworkCore

/// A job as people name it: `12`, `#12` or a whole UUID.
struct JobArgument {
    var ref: JobRef
    var text: String

    /// The number, where it was named by that.
    var number: JobNumber? {
        guard case .number(let number) = ref else { return nil }
        return number
    }

    /// As people read it.
    var shown: String { number.map { "\($0)" } ?? text }

    /// As programs read it: a number, or the id.
    var json: JSONValue { number.map { .count($0.rawValue) } ?? .string(text) }

    /// Reads an argument.
    @Sendable
    static func read(_ text: String) throws -> JobArgument {
        guard let ref = JobRef(text) else {
            throw ValidationError("a job is named by its number, 12 or #12, or by its whole id")
        }
        return JobArgument(ref: ref, text: text)
    }
}
