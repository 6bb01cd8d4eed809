// SPDX-License-Identifier: Apache-2.0
// Reelwork: a job of the demonstration

import ReelworkCore

/// A job of the demonstration.
struct DemoJob: Sendable {
    var title: String
    var engine = JobSpec.engineAuto
    var queue = JobQueue.standard
    var file: String
    var parameters: KeyValuePairs<String, String> = [:]
    /// How much of the film it takes; nil for all.
    var seconds: Int64?

    /// The jobs: both engines, three containers, three codecs, and the choice of the scheduler.
    static let all = [
        DemoJob(
            title: "H.264 in MP4",
            file: "auto-h264.mp4",
            parameters: ["codec": "h264", "crf": "22", "preset": "slow"]
        ),
        DemoJob(
            title: "live queue, Matroska",
            queue: .live,
            file: "auto-live.mkv",
            parameters: ["codec": "h264", "bitrate": "1500k"]
        ),
        DemoJob(
            title: "H.265 in Matroska",
            engine: "ffmpeg",
            file: "ffmpeg-h265.mkv",
            parameters: ["codec": "h265", "crf": "28", "preset": "fast", "audio": "opus"]
        ),
        DemoJob(
            title: "320x180 in MP4",
            engine: "ffmpeg",
            file: "ffmpeg-small.mp4",
            parameters: ["resolution": "320x180", "bitrate": "300k"]
        ),
        DemoJob(
            title: "VP9 in WebM, 3 s",
            engine: "ffmpeg",
            file: "ffmpeg-vp9.webm",
            parameters: ["bitrate": "800k", "preset": "fast", "duration": "3"],
            seconds: 3
        ),
        DemoJob(
            title: "GStreamer, MP4",
            engine: "gstreamer",
            file: "gstreamer-h264.mp4",
            parameters: ["bitrate": "1M"]
        ),
        DemoJob(
            title: "GStreamer, 480x270",
            engine: "gstreamer",
            file: "gstreamer-small.mkv",
            parameters: ["resolution": "480x270", "crf": "24"]
        ),
    ]

    /// What is submitted.
    func spec(input: String, folder: String) -> JobSpec {
        JobSpec(
            engine: engine,
            queue: queue,
            input: input,
            output: folder + "/" + file,
            parameters: parameters.map { Parameter(key: $0.key, value: $0.value) }
        )
    }

    /// How many frames it must have, within one and one in a hundred; nil where nobody knows.
    func frames(of film: DemoFilm) -> Int? {
        guard let seconds, film.duration > .seconds(seconds) else { return film.frames }
        return Int((Double(film.frames) * Double(seconds) / film.duration.seconds).rounded())
    }

    /// Whether the count is right.
    func isRight(_ output: DemoFilm, of film: DemoFilm) -> Bool {
        guard let wanted = frames(of: film) else { return output.frames > 0 }
        return abs(output.frames - wanted) <= max(1, wanted / 100)
    }
}
