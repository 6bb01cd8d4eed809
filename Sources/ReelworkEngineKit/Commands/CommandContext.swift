// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a command is made from besides the job

/// What a command is made from besides the job.
public struct CommandContext: Hashable, Sendable {
    /// What the input is, as ``EngineAdapter/inspected(_:)`` read it.
    public var media: MediaInfo
    /// Threads that the encoder may use; nil for as many as it likes.
    public var threadsMax: UInt32?

    /// Makes a context.
    public init(media: MediaInfo, threadsMax: UInt32? = nil) {
        self.media = media
        self.threadsMax = threadsMax.map { min(max($0, 1), 64) }
    }
}
