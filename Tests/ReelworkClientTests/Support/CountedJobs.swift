// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs that are counted as they are read

import ReelworkClient
import ReelworkCore
import Synchronization

/// Jobs that are counted as they are read.
final class CountedJobs: AsyncSequence, Sendable {
    /// The source has failed.
    struct Broken: Error {}

    struct AsyncIterator: AsyncIteratorProtocol {
        let jobs: CountedJobs

        mutating func next() async throws -> Submission? {
            let index = jobs.made.load(ordering: .relaxed)
            if index == jobs.failsAt { throw Broken() }
            guard index < jobs.count else { return nil }
            jobs.made.add(1, ordering: .relaxed)
            return Submission(JobSpec(input: "/in", output: "/out/\(index)"), key: "key-\(index)")
        }
    }

    let made = Atomic<Int>(0)
    let count: Int
    let failsAt: Int?

    init(count: Int, failsAt: Int? = nil) {
        self.count = count
        self.failsAt = failsAt
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(jobs: self) }
}
