// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far an encoder says it has come

/// How far an encoder says it has come; what it does not say is nil.
public struct EngineProgress: Hashable, Sendable {
    /// Media time written so far.
    public var media: Duration?
    /// Video frames written so far.
    public var frames: UInt64?
    /// Video frames given to the encoder so far, where they are counted apart.
    public var framesGiven: UInt64?
    /// Speed against real time, in thousandths.
    public var speedMilli: UInt64?
    /// Frames a second, in thousandths.
    public var framesPerSecondMilli: UInt64?
    /// Bytes written so far.
    public var bytes: UInt64?
    /// Whether the encoder said that it is done.
    public var isEnd: Bool

    /// Makes a progress note.
    public init(
        media: Duration? = nil,
        frames: UInt64? = nil,
        framesGiven: UInt64? = nil,
        speedMilli: UInt64? = nil,
        framesPerSecondMilli: UInt64? = nil,
        bytes: UInt64? = nil,
        isEnd: Bool = false
    ) {
        self.media = media
        self.frames = frames
        self.framesGiven = framesGiven
        self.speedMilli = speedMilli
        self.framesPerSecondMilli = framesPerSecondMilli
        self.bytes = bytes
        self.isEnd = isEnd
    }
}
