// SPDX-License-Identifier: Apache-2.0
// Reelwork: an encoder of moving pictures

/// An encoder of moving pictures, by the name that the engine gives it.
public struct VideoEncoder: Hashable, Sendable {
    /// The engine's name for it, such as `libx264`.
    public var name: String
    /// What it makes.
    public var codec: VideoCodec
    /// The values of `crf` that it takes; nil where it has no constant quality.
    public var qualities: ClosedRange<UInt32>?
    /// The highest bit rate that it takes.
    public var bitrateMax: UInt64
    /// Whether it knows presets.
    public var hasPresets: Bool

    /// Makes an encoder.
    public init(
        name: String,
        codec: VideoCodec,
        qualities: ClosedRange<UInt32>?,
        bitrateMax: UInt64 = EncodeParameters.bitrates.upperBound,
        hasPresets: Bool
    ) {
        self.name = name
        self.codec = codec
        self.qualities = qualities
        self.bitrateMax = bitrateMax
        self.hasPresets = hasPresets
    }
}
