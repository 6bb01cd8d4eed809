// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a command is made from besides the job

public import ReelworkCore

/// What a command is made from besides the job.
public struct CommandContext: Hashable, Sendable {
    /// What the input is, as ``EngineAdapter/inspected(_:)`` read it.
    public var media: MediaInfo
    /// Threads that the encoder may use; nil for as many as it likes.
    public var threadsMax: UInt32?
    /// The devices that the attempt has until its end, such as one `gpu_session:1`; the encoder is
    /// to use these and no others.
    public var devices: [ResourceAmount]

    /// Makes a context.
    public init(
        media: MediaInfo,
        threadsMax: UInt32? = nil,
        devices: [ResourceAmount] = []
    ) {
        self.media = media
        self.threadsMax = threadsMax.map { min(max($0, 1), 64) }
        self.devices = devices
    }

    /// The device of a resource that the attempt has: `1` for `gpu_session` where it has a
    /// `gpu_session:1`; nil where it has none.
    public func device(of resource: String) -> String? {
        devices.first { $0.kind == resource && $0.device != nil }?.device
    }
}
