// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the finished file must be

import ReelworkCore

/// What the finished file must be, from what was asked for, what the input is and what the encoder
/// counted.
///
/// Where the input does not say enough, the encoder's own count is what remains to compare with.
public struct OutputExpectation: Hashable, Sendable {
    /// The video codec; nil where any will do.
    public var videoCodec: VideoCodec?
    /// Whether there must be sound; without it there must be none.
    public var hasAudio: Bool
    /// The audio codec; nil where any will do.
    public var audioCodec: AudioCodec?
    /// The size, where one was asked for.
    public var resolution: Resolution?
    /// How long it must play; nil where nothing is known.
    public var duration: Duration?
    /// How many frames it must have by the input; nil where that is not known.
    public var frames: UInt64?
    /// How many frames the encoder says it wrote; nil where it did not say.
    public var framesEncoded: UInt64?
    /// How many frames the encoder was given; nil where they were not counted apart.
    public var framesGiven: UInt64?
    /// Frames that may be missing or too many, whatever the 1 %.
    public var framesApart: UInt64
    /// Whether the encoder said that it is done; nil where nothing of it was read.
    public var isEncodeEnded: Bool?

    /// How far durations may be apart, whatever the 1 %: 0.2 s, or a frame where that lasts longer.
    public var durationApart = Duration.milliseconds(200)

    /// Makes the expectation of an encode.
    public init(
        _ parameters: EncodeParameters,
        media: MediaInfo,
        encoded: EngineProgress?,
        framesApart: UInt64 = 1
    ) {
        if case .encode(let encoder) = parameters.video { videoCodec = encoder.codec }
        hasAudio = media.audio != nil && parameters.audio != .none
        if case .encode(let encoder) = parameters.audio { audioCodec = encoder.codec }
        resolution = parameters.resolution
        framesEncoded = encoded?.frames
        framesGiven = encoded?.framesGiven
        self.framesApart = framesApart
        isEncodeEnded = encoded?.isEnd
        if let rate = parameters.frameRate ?? media.video?.frameRate {
            durationApart = max(durationApart, .seconds(1 / rate.perSecond))
        }
        duration = Self.duration(parameters, media, keepsAudio: hasAudio)
        if duration == nil { duration = encoded?.media }
        let isCounted = encoded?.frames != nil
        (frames, self.framesApart) = Self.frames(parameters, media, isCounted, framesApart)
    }

    /// Where the last of the kept streams ends; the container's only where no stream is left out.
    private static func duration(
        _ parameters: EncodeParameters,
        _ media: MediaInfo,
        keepsAudio: Bool
    ) -> Duration? {
        let kept = keepsAudio ? [media.video, media.audio] : [media.video]
        let durations = kept.compactMap { stream in
            stream?.duration.map { $0 + (stream?.begins ?? .zero) }
        }
        let whole: Duration? =
            durations.count == kept.count
            ? durations.max() : (media.streams.count == kept.count ? media.duration : nil)
        guard let whole else { return nil }
        return parameters.duration.map { min($0, whole) } ?? whole
    }

    private static func frames(
        _ parameters: EncodeParameters,
        _ media: MediaInfo,
        _ isCounted: Bool,
        _ apart: UInt64
    ) -> (UInt64?, UInt64) {
        guard let video = media.video else { return (nil, apart) }
        let plays = video.duration ?? (media.streams.count == 1 ? media.duration : nil)
        let isCut = parameters.duration.map { limit in plays.map { limit < $0 } ?? true } ?? false
        if !isCut, parameters.frameRate == nil, let frames = video.frames,
            isPlausible(frames, video.frameRate, plays)
        {
            return (frames, apart)
        }
        // A rate that was asked for is kept exactly; the input's own is an average and serves only
        // where the encoder has not counted.
        let rate = parameters.frameRate ?? (isCounted ? nil : video.frameRate)
        if isCut, let rate, let limit = parameters.duration {
            return (rate.framesBegun(within: limit), apart)
        }
        guard let rate, let length = plays else { return (nil, apart) }
        let count = (length.seconds * rate.perSecond).rounded()
        guard count.isFinite, count >= 0, count < 1e15 else { return (nil, apart) }
        return (UInt64(count), max(apart, 2))
    }

    /// Whether a container's frame count fits its rate and duration.
    ///
    /// A film cut by an edit list (ISO/IEC 14496-12, 8.6.6) counts frames that it does not show.
    private static func isPlausible(
        _ frames: UInt64,
        _ rate: FrameRate?,
        _ plays: Duration?
    ) -> Bool {
        guard let rate, let plays else { return true }
        let count = plays.seconds * rate.perSecond
        return abs(Double(frames) - count) <= max(2, count / 50)
    }
}
