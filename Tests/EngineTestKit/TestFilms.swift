// SPDX-License-Identifier: Apache-2.0
// Reelwork: the films that tests encode

import Foundation
import ReelworkEngineKit

/// The films that tests encode: in the folder `REELWORK_MEDIA`, else in `../shared/media`; where
/// they are not, clips of the same length and shape are generated.
public enum TestFilms {
    /// A film and what is known of it.
    public struct Film: Sendable {
        /// The file's name.
        public var name: String
        /// Its video frames.
        public var frames: UInt64
        /// Whether it has sound.
        public var hasAudio: Bool
    }

    /// 1280 by 720, 132 frames, AAC.
    public static let bunny = Film(name: "bigbuckbunny.mp4", frames: 132, hasAudio: true)
    /// 640 by 272, 250 frames, no sound.
    public static let bikes = Film(name: "bikes.mp4", frames: 250, hasAudio: false)

    /// The film's path; generated into the scratch folder where it is not there.
    public static func path(of film: Film, in folder: ScratchFolder) async throws -> String {
        let set = ProcessInfo.processInfo.environment["REELWORK_MEDIA"] ?? "../shared/media"
        let path = URL(fileURLWithPath: set).appendingPathComponent(film.name).path
        if FileManager.default.isReadableFile(atPath: path) { return path }
        let made = folder.root.appendingPathComponent(film.name).path
        print("REELWORK_MEDIA: no \(film.name) in \(set), so a clip is generated")
        try folder.link(output: made)
        let size = film.hasAudio ? "1280x720" : "640x272"
        let sound =
            film.hasAudio
            ? ["-f", "lavfi", "-i", "sine=sample_rate=48000", "-c:a", "aac", "-shortest"] : []
        let plan = CommandPlan(
            program: "ffmpeg",
            arguments: ["-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i"]
                + ["testsrc=size=\(size):rate=25:duration=\(Double(film.frames) / 25)"] + sound
                + ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-f", "mp4"]
                + ["file:out"],
            output: .kept(bytesMax: 4_096)
        )
        let outcome = try await folder.run(plan, parser: NoProgress())
        guard outcome.isSuccess else { throw EngineFailure.invalidOutput(outcome.logText) }
        return made
    }
}
