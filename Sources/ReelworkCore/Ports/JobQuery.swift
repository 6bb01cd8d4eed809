// SPDX-License-Identifier: Apache-2.0
// Reelwork: which jobs to list

/// Which jobs to list: all conditions hold together.
public struct JobQuery: Hashable, Sendable {
    /// States to show; all where empty.
    public var states: [JobState]
    /// The queue; any where nil.
    public var queue: JobQueue?
    /// The worker that holds or held it last; any where empty.
    public var worker: String
    /// Rows at most; at least 1.
    public var limit: Int
    /// The last number of the page before; nil for the first page.
    public var after: JobNumber?
    /// Lowest number first; else the highest.
    public var isOldestFirst: Bool

    /// Makes a query.
    public init(
        states: [JobState] = [],
        queue: JobQueue? = nil,
        worker: String = "",
        limit: Int = Limits.pageItemsDefault,
        after: JobNumber? = nil,
        isOldestFirst: Bool = false
    ) {
        self.states = states
        self.queue = queue
        self.worker = worker
        self.limit = limit
        self.after = after
        self.isOldestFirst = isOldestFirst
    }
}
