// SPDX-License-Identifier: Apache-2.0
// Reelwork: what gst-discoverer-1.0 prints

import ReelworkCore
import ReelworkEngineKit

/// What `gst-discoverer-1.0` prints for one file, read line by line.
///
/// `qtdemux` hides each track of an MP4 or QuickTime file that plays less than a fifth of it
/// ("assuming preview image or something; skipping track"), be it the sound or the picture, and
/// says so only in its debug log. Such tracks are listed last, as hidden streams.
struct DiscovererAnswer {
    /// What it says went wrong; nil where nothing did.
    private(set) var problem: String?
    /// What it found; nil where it found nothing.
    private(set) var media: MediaInfo?

    /// Lines beyond are left out: a film has a few dozen.
    private static let linesMax = 4_096

    /// How many hidden tracks are kept.
    private static let hiddenMax = 16

    /// Makes `qtdemux` tell of the tracks that it hides.
    static let environment =
        GStreamerEngine.environment + [
            EnvironmentValue(name: "GST_DEBUG", value: "qtdemux:2")
        ]

    /// Reads what stands on standard output and in the log.
    init(_ outcome: CommandOutcome) {
        self.init(outcome.output)
        media?.streams += Self.hidden(outcome.logTail)
    }

    /// Reads `… Track shorter than 20% (48112/48000 vs. 13200/2500) of the stream found, …`.
    private static func hidden(_ log: [UInt8]) -> [MediaStream] {
        log.split(separator: UInt8(ascii: "\n")).lazy
            .map { String(decoding: $0.prefix(1_024), as: UTF8.self) }
            .filter { $0.contains(" qtdemux ") && $0.contains("Track shorter than") }
            .compactMap { line -> MediaStream? in
                guard let open = line.lastIndex(of: "(") else { return nil }
                let length = line[line.index(after: open)...].prefix { $0 != " " }
                let parts = length.utf8.split(separator: UInt8(ascii: "/"))
                guard parts.count == 2, let ticks = WholeNumber.parse(parts[0]),
                    let clock = WholeNumber.parse(parts[1]), clock > 0
                else { return nil }
                let seconds = Double(ticks) / Double(clock)
                return seconds < horizon ? .hidden(.seconds(seconds)) : nil
            }
            .prefix(hiddenMax).map { $0 }
    }

    private static let horizon = Double(Limits.horizonMax.components.seconds)

    private init(_ bytes: [UInt8]) {
        var reader = Reader()
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: Self.linesMax)
        for line in lines.prefix(Self.linesMax) {
            reader.read(String(decoding: line.prefix(1_024), as: UTF8.self))
        }
        problem = reader.problem
        guard reader.hasProperties else { return }
        media = MediaInfo(
            duration: reader.duration,
            container: reader.container ?? "none",
            streams: reader.streams
        )
    }

    private struct Reader {
        var problem: String?
        var hasProperties = false
        var duration: Duration?
        var container: String?
        var streams: [MediaStream] = []
        private var isProblemNext = false
        private var width: UInt32?

        init() {}

        mutating func read(_ raw: String) {
            let line = raw.drop { $0 == " " || $0 == "\t" }
            if isProblemNext {
                problem = ShownText.cut(String(line))
                isProblemNext = false
                return
            }
            if line.hasPrefix("An error was encountered") || line.hasPrefix("Missing plugins") {
                isProblemNext = true
            } else if line.hasPrefix("Analyzing timed out") || line.hasPrefix("Timeout") {
                problem = "it took too long"
            } else if line.hasPrefix("Properties:") {
                hasProperties = true
            } else if hasProperties {
                guard let colon = line.firstIndex(of: ":") else { return }
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                property(line[..<colon], String(value))
            }
        }

        private mutating func property(_ key: Substring, _ value: String) {
            switch key {
            case "Duration":
                // 99:99:99 stands for a duration that is not known.
                duration = DecimalNumber.clock(value.utf8).flatMap { $0 > .zero ? $0 : nil }
            case "Width":
                width = WholeNumber.parse(value.utf8).flatMap(UInt32.init(exactly:))
            case "Height":
                let height = WholeNumber.parse(value.utf8).flatMap(UInt32.init(exactly:))
                if let width, let height, width > 0, height > 0, let last = streams.indices.last {
                    streams[last].resolution = Resolution(width: width, height: height)
                }
            case "Frame rate":
                if let last = streams.indices.last {
                    streams[last].frameRate = FrameRate(fraction: value)
                }
            default:
                header(key, value)
            }
        }

        /// A stream's first line: `video #1: H.264 (Main Profile)`.
        private mutating func header(_ key: Substring, _ value: String) {
            let kind = key.prefix { $0 != " " }
            switch kind {
            case "container":
                container = container ?? ShownText.cut(value, bytesMax: ShownText.bytesMax)
            case "video": append(.video, value)
            case "audio": append(.audio, value)
            case "subtitles", "unknown": append(.other, value)
            default: return
            }
        }

        private mutating func append(_ kind: MediaKind, _ value: String) {
            width = nil
            streams.append(MediaStream(kind: kind, codec: DiscovererAnswer.codec(value)))
        }
    }

    /// A codec by the name that jobs use, else as it stands.
    private static func codec(_ words: String) -> String {
        let known = [
            ("H.264", "h264"), ("H.265", "h265"), ("VP9", "vp9"), ("AV1", "av1"),
            ("MPEG-4 Video", "mpeg4"), ("MPEG-4 AAC", "aac"), ("Opus", "opus"),
        ]
        return known.first { words.hasPrefix($0.0) }?.1
            ?? ShownText.cut(words.lowercased(), bytesMax: ShownText.bytesMax)
    }
}
