// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job's parameters as typed values

/// A job's common parameters as typed values: all that a command is made from.
///
/// Nothing in it is text of a submitter; encoders' names come from the ``EncoderTable``.
public struct EncodeParameters: Hashable, Sendable {
    /// The output's container.
    public var container: MediaContainer
    /// What becomes of the picture.
    public var video: VideoTarget
    /// What becomes of the sound.
    public var audio: AudioTarget
    /// Bits a second of the video, within ``bitrates``; excludes ``crf``.
    public var bitrate: UInt64?
    /// Constant quality, 0 to 51; excludes ``bitrate``.
    public var crf: UInt32?
    /// Speed against size.
    public var preset: EncodePreset?
    /// The output's size.
    public var resolution: Resolution?
    /// The output's frames a second.
    public var frameRate: FrameRate?
    /// How much of the input is encoded; whole microseconds, above 0.
    public var duration: Duration?

    /// The bit rates that may be asked for: below no picture is left, above nothing writes it.
    public static let bitrates: ClosedRange<UInt64> = 1_000...1_000_000_000

    /// Makes parameters from values that have been checked.
    public init(
        container: MediaContainer,
        video: VideoTarget,
        audio: AudioTarget,
        bitrate: UInt64? = nil,
        crf: UInt32? = nil,
        preset: EncodePreset? = nil,
        resolution: Resolution? = nil,
        frameRate: FrameRate? = nil,
        duration: Duration? = nil
    ) {
        self.container = container
        self.video = video
        self.audio = audio
        self.bitrate = bitrate
        self.crf = crf
        self.preset = preset
        self.resolution = resolution
        self.frameRate = frameRate
        self.duration = duration
    }

    /// The encoders that a worker must have proved.
    public var encoders: [String] {
        var names: [String] = []
        if case .encode(let encoder) = video { names.append(encoder.name) }
        if case .encode(let encoder) = audio { names.append(encoder.name) }
        return names
    }
}
