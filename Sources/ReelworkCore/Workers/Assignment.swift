// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job handed to a worker

/// A job handed to a worker (an item of the wire's ASSIGN).
public struct Assignment: Hashable, Sendable {
    /// The job's universal id; it names the part file.
    public var id: JobID
    /// The job's number.
    public var number: JobNumber
    /// The fencing token of this run.
    public var attempt: AttemptNumber
    /// The engine that was chosen; never `auto`.
    public var engine: String
    /// The encoded ``JobSpec``.
    public var spec: [UInt8]
    /// Earlier grants: look at the output before encoding.
    public var granted: [Grant]
    /// The output is one that no grant can fence: stop the encode when the lease is lost.
    public var isKilledOnLeaseLoss: Bool
    /// Failures of earlier attempts.
    public var retryCount: UInt64?
    /// The time within which the scheduler expects `started`.
    public var startWithin: Duration?
    /// The retries are spent: look at what an earlier grant left, and do not encode.
    public var isLookOnly: Bool
    /// The devices that the attempt has until its end, such as one `gpu_session:1`.
    public var devices: [ResourceAmount]

    /// Makes an assignment.
    public init(
        id: JobID,
        number: JobNumber,
        attempt: AttemptNumber,
        engine: String,
        spec: [UInt8],
        granted: [Grant] = [],
        isKilledOnLeaseLoss: Bool = false,
        retryCount: UInt64? = nil,
        startWithin: Duration? = nil,
        isLookOnly: Bool = false,
        devices: [ResourceAmount] = []
    ) {
        self.id = id
        self.number = number
        self.attempt = attempt
        self.engine = engine
        self.spec = spec
        self.granted = granted
        self.isKilledOnLeaseLoss = isKilledOnLeaseLoss
        self.retryCount = retryCount
        self.startWithin = startWithin
        self.isLookOnly = isLookOnly
        self.devices = devices
    }
}
