// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine as a worker found it

/// An engine as a worker found it when it probed (the wire's Engine).
public struct EngineReport: Hashable, Sendable {
    /// The engine's name, such as `ffmpeg`.
    public var name: String
    /// The version that the program printed.
    public var version: String
    /// The encoders that a real test encode proved.
    ///
    /// An empty list means none (lesson 32).
    public var encoders: [String]
    /// Encoder sessions a device can hold.
    public var devices: [ResourceAmount]
    /// Why it cannot be used here; nil where it works.
    public var problem: String?
    /// The version of the adapter that probed it.
    public var adapterVersion: UInt64?

    /// Makes a report.
    public init(
        name: String,
        version: String,
        encoders: [String],
        devices: [ResourceAmount] = [],
        problem: String? = nil,
        adapterVersion: UInt64? = nil
    ) {
        self.name = name
        self.version = version
        self.encoders = encoders
        self.devices = devices
        self.problem = problem
        self.adapterVersion = adapterVersion
    }
}
