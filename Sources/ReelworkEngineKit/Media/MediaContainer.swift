// SPDX-License-Identifier: Apache-2.0
// Reelwork: the containers an output may have

/// The containers that an output may have; its file name's ending chooses.
public enum MediaContainer: String, CaseIterable, Hashable, Sendable {
    /// MPEG-4: `.mp4`, `.m4v`.
    case mp4
    /// QuickTime: `.mov`.
    case mov
    /// Matroska: `.mkv`.
    case matroska
    /// WebM: `.webm`.
    case webm

    /// The endings that choose it, without the dot.
    public var endings: [String] {
        switch self {
        case .mp4: ["mp4", "m4v"]
        case .mov: ["mov"]
        case .matroska: ["mkv"]
        case .webm: ["webm"]
        }
    }

    /// Every known ending with its dot, for messages.
    public static var knownEndings: String {
        allCases.flatMap(\.endings).map { "." + $0 }.joined(separator: ", ")
    }

    /// The container for a file name, by its ending, in any case; nil where the ending is unknown.
    public init?(path: String) {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex
        else { return nil }
        let ending = String(decoding: name[dot...].dropFirst().prefix(8), as: UTF8.self).lowercased()
        guard name.distance(from: dot, to: name.endIndex) <= 8,
            let container = Self.allCases.first(where: { $0.endings.contains(ending) })
        else { return nil }
        self = container
    }

    /// The video codecs that it holds, the one chosen by default first.
    public var videoCodecs: [VideoCodec] {
        switch self {
        case .mp4, .matroska: [.h264, .h265, .vp9, .av1, .mpeg4]
        case .mov: [.h264, .h265, .mpeg4]
        case .webm: [.vp9, .av1]
        }
    }

    /// The audio codecs that it holds, the one chosen by default first.
    public var audioCodecs: [AudioCodec] {
        switch self {
        case .mp4, .matroska: [.aac, .opus]
        case .mov: [.aac]
        case .webm: [.opus]
        }
    }
}
