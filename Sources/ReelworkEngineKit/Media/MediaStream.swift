// SPDX-License-Identifier: Apache-2.0
// Reelwork: one stream of a media file

/// One stream of a media file.
public struct MediaStream: Hashable, Sendable {
    /// What it carries.
    public var kind: MediaKind
    /// The codec as the program named it, in lower case.
    public var codec: String
    /// Its size in pixels, as coded.
    public var resolution: Resolution?
    /// Frames a second, on average.
    public var frameRate: FrameRate?
    /// How many frames it has, where the container says so or they were counted.
    public var frames: UInt64?
    /// How long it plays.
    public var duration: Duration?
    /// How long after the file's beginning it begins.
    public var begins: Duration

    /// Makes a stream.
    public init(
        kind: MediaKind,
        codec: String,
        resolution: Resolution? = nil,
        frameRate: FrameRate? = nil,
        frames: UInt64? = nil,
        duration: Duration? = nil,
        begins: Duration = .zero
    ) {
        self.kind = kind
        self.codec = codec
        self.resolution = resolution
        self.frameRate = frameRate
        self.frames = frames
        self.duration = duration
        self.begins = begins
    }
}
