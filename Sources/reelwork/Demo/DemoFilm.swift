// SPDX-License-Identifier: Apache-2.0
// Reelwork: what ffprobe says of a film

import Foundation
import ReelworkCore

/// What ffprobe says of a film.
struct DemoFilm: Sendable {
    var codec = ""
    var width = 0
    var height = 0
    var frames = 0
    var duration = Duration.zero
    var bytes: Int64 = 0

    /// Asks ffprobe; frames are counted, not believed (ffprobe(1), -count_packets).
    static func probe(_ path: String) throws(CommandFailure) -> DemoFilm {
        let outcome = try DemoProcess.tool([
            "ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries",
            "stream=codec_name,width,height,nb_read_packets:format=duration,size", "-of", "json",
            "file:" + path,
        ])
        guard outcome.status == 0 else {
            let why = outcome.status == 127 ? "ffprobe is not installed" : outcome.errors
            throw CommandFailure(
                "ffprobe cannot read \(path)",
                advice: why.trimmingCharacters(in: .whitespacesAndNewlines)
            )
        }
        guard let value = try? JSONReader.value(Array(outcome.output)),
            let stream = value["streams"]?.first
        else { throw CommandFailure("\(path) has no picture") }
        var film = DemoFilm()
        film.codec = stream["codec_name"]?.words ?? ""
        film.width = stream["width"]?.whole ?? 0
        film.height = stream["height"]?.whole ?? 0
        film.frames = stream["nb_read_packets"]?.whole ?? 0
        let seconds = Double(value["format"]?["duration"]?.words ?? "") ?? 0
        film.duration = .milliseconds(Int64(min(max(seconds, 0), 1e9) * 1_000))
        film.bytes = Int64(value["format"]?["size"]?.whole ?? 0)
        return film
    }

    /// Makes a clip with moving pictures and sound.
    static func make(_ path: String) throws(CommandFailure) {
        let outcome = try DemoProcess.tool([
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
            "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i",
            "sine=frequency=440:sample_rate=48000", "-t", "6", "-c:v", "libx264", "-preset",
            "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", "file:" + path,
        ])
        guard outcome.status == 0 else {
            let isMissing = outcome.status == 127
            throw CommandFailure(
                isMissing ? "ffmpeg is not installed" : "ffmpeg cannot make a clip",
                advice: isMissing
                    ? "install it, on Debian: apt-get install ffmpeg"
                    : outcome.errors.trimmingCharacters(in: .whitespacesAndNewlines)
            )
        }
    }
}

extension JSONValue {
    fileprivate subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    fileprivate var first: JSONValue? {
        guard case .array(let values) = self else { return nil }
        return values.first
    }

    fileprivate var words: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A number, or the number in a text.
    fileprivate var whole: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .string(let text): Int(text)
        case .null, .bool, .number, .array, .object: nil
        }
    }
}
