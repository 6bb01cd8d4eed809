// SPDX-License-Identifier: Apache-2.0
// Reelwork: one page of jobs

/// One page of jobs.
public struct JobPage: Hashable, Sendable {
    /// The jobs, in the order that was asked for.
    public var jobs: [StoredJob]
    /// Where the next page begins; nil at the end.
    ///
    /// A page may be empty and still have a next.
    public var next: JobNumber?

    /// Makes a page.
    public init(jobs: [StoredJob], next: JobNumber?) {
        self.jobs = jobs
        self.next = next
    }
}
