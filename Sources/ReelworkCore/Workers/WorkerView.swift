// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker as readers see it

/// A worker as readers see it.
public struct WorkerView: Hashable, Sendable {
    /// Its name: one live worker a name.
    public var name: String
    /// Whether it lives.
    public var state: OpenEnum<WorkerState>
    /// Its last session; 0 = none since the scheduler started.
    public var session: UInt64
    /// What it has.
    public var capacity: [ResourceAmount]
    /// What its jobs use.
    public var used: [ResourceAmount]
    /// How many attempts it holds.
    public var open: UInt64
    /// How long ago it was heard of, or the scheduler's start where ``isUnheard``.
    public var seenAgo: Duration
    /// Its labels.
    public var labels: [Label]
    /// Its engines; empty in a short view.
    public var engines: [EngineReport]
    /// Whether it takes no new work.
    public var isDraining: Bool
    /// It said farewell with nothing in its hands: it is dead because it wanted to end.
    public var isStopped = false
    /// It is known from the store alone; `seenAgo` is then how long the scheduler runs.
    public var isUnheard = false
    /// Why it gets nothing although it lives; nil where it may.
    public var cordoned: String?
    /// When an admin's drain takes back what it still has; nil where all may end.
    public var drainUntil: Timestamp?
    /// The machine it runs on.
    public var host: String?
    /// Its program's version.
    public var version: String?
    /// When it registered first.
    public var registered: Timestamp?
    /// What is free where films are made, in MiB.
    public var scratchFreeMebibytes: UInt64?
    /// How far its wall clock is from the scheduler's, in milliseconds, by its reports; negative
    /// where it is behind, nil before its first report.
    public var clockOffsetMilliseconds: Int64?
    /// Whether engines, or these and labels and resources, were left out to fit in a frame.
    public var isCut = false

    /// Makes a view with what every worker has.
    public init(
        name: String,
        state: OpenEnum<WorkerState>,
        session: UInt64,
        capacity: [ResourceAmount],
        used: [ResourceAmount],
        open: UInt64,
        seenAgo: Duration,
        labels: [Label],
        engines: [EngineReport],
        isDraining: Bool = false
    ) {
        self.name = name
        self.state = state
        self.session = session
        self.capacity = capacity
        self.used = used
        self.open = open
        self.seenAgo = seenAgo
        self.labels = labels
        self.engines = engines
        self.isDraining = isDraining
    }
}
