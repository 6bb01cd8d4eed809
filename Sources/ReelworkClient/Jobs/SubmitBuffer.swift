// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs that wait for a full request.

internal import ReelworkCore
internal import ReelworkWire

/// Jobs that wait for a full request: so many items, so many bytes.
struct SubmitBuffer {
    /// Lengths and section of an item.
    private static let itemBytesExtra = 16
    /// The rest of the request: counts and tags.
    private static let requestBytesExtra = 1_024

    private let itemsMax: Int
    private let bytesMax: Int
    private var jobs: [Submission] = []
    private var bytes = 0

    init(itemsMax: Int, bytesMax: Int) {
        self.itemsMax = itemsMax
        self.bytesMax = bytesMax - SubmitBuffer.requestBytesExtra
    }

    /// Adds a job; answers those before it where they fill a request.
    mutating func add(_ job: Submission) -> [Submission]? {
        let size = job.spec.encoded.count + job.key.utf8.count + SubmitBuffer.itemBytesExtra
        let isFull = jobs.count == itemsMax || bytes + size > bytesMax
        let full = isFull ? takeRest() : nil
        jobs.append(job)
        bytes += size
        return full
    }

    /// What is left; nil where nothing is.
    mutating func takeRest() -> [Submission]? {
        guard !jobs.isEmpty else { return nil }
        defer {
            jobs = []
            bytes = 0
        }
        return jobs
    }
}
