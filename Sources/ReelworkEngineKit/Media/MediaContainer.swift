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
        // The last name of the path, without slashes at its end, from its last dot on.
        let path = path.utf8
        var end = path.endIndex
        while end > path.startIndex, path[path.index(before: end)] == UInt8(ascii: "/") {
            end = path.index(before: end)
        }
        guard let dot = path[..<end].lastIndex(where: { $0 == 0x2E || $0 == 0x2F }),
            path[dot] == UInt8(ascii: "."), dot > path.startIndex,
            path[path.index(before: dot)] != UInt8(ascii: "/")
        else { return nil }
        let bytes = path[dot..<end].dropFirst()
        guard bytes.count <= 4 else { return nil }
        let ending = String(decoding: bytes, as: UTF8.self).lowercased()
        guard let container = Self.allCases.first(where: { $0.endings.contains(ending) })
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
