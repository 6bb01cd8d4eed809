// SPDX-License-Identifier: Apache-2.0
// Reelwork: films for real encoders

import Foundation
import Testing

/// Films for real encoders.
///
/// They lie in the folder `REELWORK_MEDIA`, else in `../shared/media`; where they are not, clips
/// of the same length and shape are generated.
struct TestMedia {
    /// A film and what is known of it.
    struct Film: CustomTestStringConvertible {
        var name: String
        var frames: Int
        var size: String
        var hasSound: Bool

        var testDescription: String { name }
    }

    static let bunny = Film(name: "bigbuckbunny.mp4", frames: 132, size: "1280x720", hasSound: true)
    static let bikes = Film(name: "bikes.mp4", frames: 250, size: "640x272", hasSound: false)

    /// The film's path; made in the house where it is not there.
    static func path(of film: Film, in house: House) async throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["REELWORK_MEDIA"]
            ?? root.appendingPathComponent("../shared/media").path
        let path = URL(fileURLWithPath: folder).appendingPathComponent(film.name).path
        if FileManager.default.isReadableFile(atPath: path) { return path }
        print("REELWORK_MEDIA: no \(film.name) in \(folder), so a clip is generated")
        return try await clip(film, in: house)
    }

    /// Makes a clip with the real ffmpeg.
    static func clip(_ film: Film, in house: House) async throws -> String {
        let path = house.path + "/" + film.name
        let sound =
            film.hasSound
            ? ["-f", "lavfi", "-i", "sine=sample_rate=48000", "-c:a", "aac", "-shortest"] : []
        let run = try house.startProgram(
            try #require(Programs.systemPath("ffmpeg"), "install ffmpeg"),
            ["-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i"]
                + ["testsrc=size=\(film.size):rate=25:duration=\(Double(film.frames) / 25)"]
                + sound
                + ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path],
            name: "ffmpeg",
            engines: .real
        )
        guard try await run.end() == .exited(0) else { throw Surprise(run.errors) }
        return path
    }

    /// The video frames of a file, counted by the real ffprobe.
    static func frames(_ path: String, in house: House) async throws -> Int {
        let run = try house.startProgram(
            try #require(Programs.systemPath("ffprobe"), "install ffmpeg"),
            ["-v", "error", "-count_frames", "-select_streams", "v:0"]
                + ["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", "file:" + path],
            name: "ffprobe",
            engines: .real
        )
        guard try await run.end() == .exited(0) else { throw Surprise(run.errors) }
        let text = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        return try #require(Int(text.prefix { $0.isNumber }), "ffprobe says \(text)")
    }
}
