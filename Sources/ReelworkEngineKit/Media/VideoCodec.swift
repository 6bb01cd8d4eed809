// SPDX-License-Identifier: Apache-2.0
// Reelwork: the video codecs that a job may ask for

/// The video codecs that a job may ask for.
public enum VideoCodec: String, CaseIterable, Hashable, Sendable {
    /// H.264 / AVC.
    case h264
    /// H.265 / HEVC.
    case h265
    /// VP9.
    case vp9
    /// AV1.
    case av1
    /// MPEG-4 part 2.
    case mpeg4

    /// Other names that mean the same.
    public var aliases: [String] {
        switch self {
        case .h264: ["avc"]
        case .h265: ["hevc"]
        case .vp9, .av1, .mpeg4: []
        }
    }

    /// Whether it has a constant-quality mode that `crf` sets.
    public var hasQuality: Bool { self != .mpeg4 }
}
