// SPDX-License-Identifier: Apache-2.0
// Reelwork: what ffprobe prints

import Foundation
import ReelworkEngineKit

/// What `ffprobe -of json` prints, as far as it is used; every field may be missing.
struct FFprobeAnswer: Decodable {
    struct Format: Decodable {
        var formatName: String?
        var startTime: String?
        var duration: String?
    }

    struct Disposition: Decodable {
        var attachedPic: Int?
    }

    struct Stream: Decodable {
        var codecName: String?
        var codecType: String?
        var width: Int?
        var height: Int?
        var avgFrameRate: String?
        var startTime: String?
        var duration: String?
        var nbFrames: String?
        var nbReadPackets: String?
        var disposition: Disposition?
        var tags: Tags?
    }

    /// Matroska keeps a stream's duration in a tag, as a clock.
    struct Tags: Decodable {
        var duration: String?

        enum CodingKeys: String, CodingKey {
            case duration = "DURATION"
        }
    }

    var format: Format?
    var streams: [Stream]?

    /// What is asked for.
    static let entries =
        "format=format_name,start_time,duration:stream=codec_name,codec_type,width,height,"
        + "avg_frame_rate,start_time,duration,nb_frames,nb_read_packets"
        + ":stream_disposition=attached_pic:stream_tags=DURATION"

    /// Reads the bytes; nil where they are not such an answer.
    init?(_ bytes: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let answer = try? decoder.decode(FFprobeAnswer.self, from: Data(bytes))
        else { return nil }
        self = answer
    }

    /// The answer as a value; nil where it names no container.
    var media: MediaInfo? {
        guard let format, let name = format.formatName else { return nil }
        let start = format.startTime.flatMap { DecimalNumber.seconds($0.utf8) } ?? .zero
        return MediaInfo(
            duration: format.duration.flatMap { DecimalNumber.seconds($0.utf8) },
            container: ShownText.cut(name, bytesMax: ShownText.bytesMax),
            streams: (streams ?? []).map { $0.stream(after: start) }
        )
    }
}

extension FFprobeAnswer.Stream {
    /// The stream as a value, codecs by the names that jobs use.
    ///
    /// - Parameter start: when the file itself begins.
    /// - Returns: the stream.
    func stream(after start: Duration) -> MediaStream {
        let own = startTime.flatMap { DecimalNumber.seconds($0.utf8) } ?? start
        // Matroska's tag says when the stream ends.
        let ends = tags?.duration.flatMap { DecimalNumber.clock($0.utf8) }
        let codec = (codecName ?? "unknown").lowercased()
        return MediaStream(
            kind: kind,
            codec: codec == "hevc" ? "h265" : ShownText.cut(codec, bytesMax: ShownText.bytesMax),
            resolution: resolution,
            frameRate: avgFrameRate.flatMap { FrameRate(fraction: $0) },
            frames: (nbReadPackets ?? nbFrames).flatMap { WholeNumber.parse($0.utf8) },
            duration: duration.flatMap { DecimalNumber.seconds($0.utf8) }
                ?? ends.map { max($0 - own, .zero) },
            begins: max(own - start, .zero)
        )
    }

    private var kind: MediaKind {
        switch codecType {
        case "video": (disposition?.attachedPic ?? 0) == 0 ? .video : .other
        case "audio": .audio
        default: .other
        }
    }

    private var resolution: Resolution? {
        guard let width = width.flatMap(UInt32.init(exactly:)), width > 0,
            let height = height.flatMap(UInt32.init(exactly:)), height > 0
        else { return nil }
        return Resolution(width: width, height: height)
    }
}
