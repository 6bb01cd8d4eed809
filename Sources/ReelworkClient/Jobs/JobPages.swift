// SPDX-License-Identifier: Apache-2.0
// Reelwork: all jobs of a query, page by page.

public import ReelworkCore

/// All jobs of a query, in its order, read page by page as they are wanted.
public struct JobPages: AsyncSequence, Sendable {
    let client: ReelworkClient
    let query: JobQuery
    let withParameters: Bool

    /// Reads the jobs.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let pages: JobPages
        private var ready: ArraySlice<JobView> = []
        private var cursor: [UInt8]?
        private var isLast = false

        init(_ pages: JobPages) {
            self.pages = pages
        }

        /// The next job; nil after the last.
        public mutating func next() async throws(ReelworkError) -> JobView? {
            try await next(isolation: nil)
        }

        /// The next job; nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ReelworkError) -> JobView? {
            while ready.isEmpty, !isLast {
                let page = try await pages.client.jobs(
                    pages.query,
                    cursor: cursor,
                    withParameters: pages.withParameters
                )
                ready = page.jobs[...]
                // Only a missing cursor says that it was the last page: one may be empty. One that
                // does not move on would be asked for ever.
                isLast = page.cursor == nil || page.cursor == cursor
                cursor = page.cursor
            }
            return ready.popFirst()
        }
    }

    /// Begins with the first page.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }
}

extension ReelworkClient {
    /// All jobs of a query; its `limit` is the size of a page, its `after` is not used.
    public func allJobs(
        _ query: JobQuery = JobQuery(limit: Limits.pageItemsMax),
        withParameters: Bool = false
    ) -> JobPages {
        JobPages(client: self, query: query, withParameters: withParameters)
    }
}
