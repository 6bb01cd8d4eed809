// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a worker says of itself

/// What a worker says of itself when it registers.
public struct WorkerRegistration: Hashable, Sendable {
    /// Its name, unique in the fleet; 1 to ``Limits/workerNameBytesMax`` bytes.
    public var name: String
    /// A random number made at the start of the agent's process: another one is another life.
    public var incarnation: UInt64
    /// What it has; `slot` says how many jobs it runs at once.
    public var capacity: [ResourceAmount]
    /// Its labels.
    public var labels: [Label]
    /// Its engines, as it probed them.
    public var engines: [EngineReport]
    /// The machine it runs on.
    public var host: String?
    /// Its process id.
    public var pid: UInt64?
    /// What is free where films are made, in MiB.
    public var scratchFreeMebibytes: UInt64?
    /// Its program's version.
    public var version: String?
    /// Resources of ``capacity`` of which a person said how much there is: against these, and no
    /// others, what jobs are estimated to need counts too.
    ///
    /// Not stored: a worker registers anew before it is given work.
    public var declared: [String]

    /// Makes a registration.
    public init(
        name: String,
        incarnation: UInt64,
        capacity: [ResourceAmount],
        labels: [Label] = [],
        engines: [EngineReport] = [],
        host: String? = nil,
        pid: UInt64? = nil,
        scratchFreeMebibytes: UInt64? = nil,
        version: String? = nil,
        declared: [String] = []
    ) {
        self.name = name
        self.incarnation = incarnation
        self.capacity = capacity
        self.labels = labels
        self.engines = engines
        self.host = host
        self.pid = pid
        self.scratchFreeMebibytes = scratchFreeMebibytes
        self.version = version
        self.declared = declared
    }

    /// How many jobs it runs at once.
    public var slots: UInt64 {
        capacity.first { $0.name == ResourceAmount.slotName }?.amount ?? 0
    }
}
