// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a watcher is told

/// One piece of news for the watcher of a job (the wire's JobEvent).
public struct JobNews: Hashable, Sendable {
    /// What kind of news it is.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// The whole job as it stands.
        case snapshot = 1
        /// One move.
        case move = 2
        /// The encode has come further.
        case progress = 3
        /// News was dropped for a slow reader; the history has it.
        case gap = 4
    }

    /// The job.
    public var number: JobNumber
    /// The kind; it says which of the rest is there.
    public var kind: OpenEnum<Kind>
    /// With a snapshot.
    public var view: JobView?
    /// With a move.
    public var move: Move?
    /// With progress.
    public var progress: JobProgress?

    /// Makes a piece of news.
    public init(
        number: JobNumber,
        kind: OpenEnum<Kind>,
        view: JobView? = nil,
        move: Move? = nil,
        progress: JobProgress? = nil
    ) {
        self.number = number
        self.kind = kind
        self.view = view
        self.move = move
        self.progress = progress
    }
}
