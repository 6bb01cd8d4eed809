// SPDX-License-Identifier: Apache-2.0
// Reelwork: the parameters that engines share

/// The parameters that engines share, by the names that submitters write.
public enum CommonParameter: String, CaseIterable, Hashable, Sendable {
    /// The video codec, or an encoder by its name.
    case codec
    /// The video's bit rate.
    case bitrate
    /// The video's constant quality.
    case crf
    /// How much time the encoder may take for a smaller file.
    case preset
    /// The output's size in pixels.
    case resolution
    /// The output's frames a second.
    case fps
    /// How much of the input is encoded.
    case duration
    /// The audio codec, `copy` or `none`.
    case audio

    /// What its value is with an engine.
    public func kind(in table: EncoderTable) -> ParameterKind {
        switch self {
        case .codec: .choice(table.videoWords)
        case .bitrate: .form("bits a second from 1k to 1000M", example: "2500k or 2M")
        case .crf: .integer(0...51)
        case .preset: .choice(EncodePreset.allCases.map(\.rawValue))
        case .resolution:
            .form(
                "even width and height from \(Resolution.sides.lowerBound) to "
                    + "\(Resolution.sides.upperBound)",
                example: "1280x720"
            )
        case .fps:
            .form(
                "frames a second above 0 and up to \(FrameRate.rateMax)",
                example: "25 or 30000/1001"
            )
        case .duration:
            .form("a time above 0 in seconds, minutes or hours", example: "10, 2.5s or 2m")
        case .audio: .choice(table.audioWords)
        }
    }

    /// What holds where it is not given.
    public var defaultText: String? {
        switch self {
        case .codec: "h264, in .webm vp9"
        case .bitrate: nil
        case .crf: "the encoder's usual quality"
        case .preset: "medium"
        case .resolution, .fps: "as the input"
        case .duration: "the whole input"
        case .audio: "aac, in .webm opus"
        }
    }

    /// What it does.
    public var summary: String {
        switch self {
        case .codec: "The video codec, or one encoder by its name."
        case .bitrate: "The video's bit rate; excludes crf."
        case .crf: "The video's constant quality, smaller is better; excludes bitrate."
        case .preset: "How much time the encoder takes for a smaller file."
        case .resolution: "The size in pixels; the picture is stretched to it."
        case .fps: "Frames a second; frames are left out or repeated."
        case .duration: "How much of the input is encoded, from its beginning."
        case .audio: "The audio codec, or none for no sound."
        }
    }
}
