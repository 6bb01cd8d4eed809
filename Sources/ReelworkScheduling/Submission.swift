// SPDX-License-Identifier: Apache-2.0
// Reelwork: one job that asks to be accepted

package import ReelworkCore

/// One job that asks to be accepted: decoded, checked for form, and looked up by key.
package struct Submission: Sendable {
    /// The idempotency key.
    package var key: String
    /// The spec's bytes, as they came.
    package var bytes: [UInt8]
    /// What they say, with the requirement that the engines made of it; else why it is refused.
    package var content: Result<Content, Refusal>
    /// The stored job that has the key already.
    package var existing: StoredKey?

    /// A job that can be accepted.
    package struct Content: Sendable {
        /// What is asked for.
        package var spec: JobSpec
        /// What a worker must have for it.
        package var requirement: JobRequirement
        /// Its output is a stream, which no grant can fence.
        package var isStream: Bool

        /// Makes a content.
        package init(spec: JobSpec, requirement: JobRequirement, isStream: Bool = false) {
            self.spec = spec
            self.requirement = requirement
            self.isStream = isStream
        }
    }

    /// Why a job is refused before the scheduler looks at it.
    package struct Refusal: Error, Sendable {
        /// The code of the answer.
        package var code: ResultCode
        /// What to do, in words.
        package var detail: String

        /// Makes a refusal.
        package init(code: ResultCode, detail: String) {
            self.code = code
            self.detail = detail
        }
    }

    /// Makes a submission.
    package init(
        key: String,
        bytes: [UInt8],
        content: Result<Content, Refusal>,
        existing: StoredKey? = nil
    ) {
        self.key = key
        self.bytes = bytes
        self.content = content
        self.existing = existing
    }
}
