// SPDX-License-Identifier: Apache-2.0
// Reelwork: FFmpeg as an engine

package import ReelworkCore
package import ReelworkEngineKit

/// FFmpeg as an engine: files to files, with `ffmpeg` and `ffprobe`.
///
/// Made and tested with FFmpeg 5.1 (the options: ffmpeg(1), ffmpeg-formats(1), ffmpeg-codecs(1)).
package struct FFmpegEngine: EngineAdapter {
    /// Makes the adapter; it holds nothing.
    package init() {}

    /// What FFmpeg encodes here.
    package static let table = EncoderTable(
        engine: "ffmpeg",
        video: [
            VideoEncoder(name: "libx264", codec: .h264, qualities: 0...51, hasPresets: true),
            VideoEncoder(name: "libx265", codec: .h265, qualities: 0...51, hasPresets: true),
            VideoEncoder(name: "libvpx-vp9", codec: .vp9, qualities: 0...51, hasPresets: true),
            VideoEncoder(
                name: "libsvtav1",
                codec: .av1,
                qualities: 0...51,
                bitrateMax: 100_000_000,
                hasPresets: true
            ),
            VideoEncoder(name: "mpeg4", codec: .mpeg4, qualities: nil, hasPresets: false),
        ],
        audio: [
            AudioEncoder(name: "aac", codec: .aac), AudioEncoder(name: "libopus", codec: .opus),
        ],
        canCopyVideo: true,
        canCopyAudio: true,
        canCut: true
    )

    /// What it is.
    package var about: EngineDescription { Self.description }

    private static let description = EngineDescription(
        name: table.engine,
        adapterVersion: 1,
        title: "FFmpeg, files to files",
        strengths: [.files],
        parameters: table.parameterDescriptions,
        encoders: table.encoderNames
    )

    /// Whether it can do the job.
    package func support(_ job: JobSpec) throws(EngineRefusal) -> EngineCandidate {
        try MediaLocation.requireFiles(job, engine: Self.table.engine)
        let parameters = try EncodeParameters(job, table: Self.table)
        return EngineCandidate(
            engine: Self.table.engine,
            encoders: parameters.encoders,
            estimates: parameters.estimates(of: job)
        )
    }

    /// The floor, or a multiple of what is encoded of the input.
    package func timeout(_ job: JobSpec, duration: Duration?, policy: TimeoutPolicy) -> RunLimit {
        guard let known = RunLimit.plausible(duration) else {
            return RunLimit(job, engineLimit: policy.unknownDuration)
        }
        let plays = RunLimit.kept(of: known, by: job)
        return RunLimit(job, engineLimit: max(policy.floor, plays * policy.factor))
    }

    /// A reader of `-progress pipe:1`.
    package func progressParser() -> any ProgressParser { FFmpegProgressParser() }

    /// Reads exit and log.
    ///
    /// FFmpeg ends with code 0 where the input lost its end or a piece, and says so in its log.
    package func classify(_ outcome: CommandOutcome) -> EngineFailure? {
        let program = "ffmpeg"
        if let failure = EngineFailure(outcome, program: program, clues: FFmpegClues.all) {
            return failure
        }
        let log = outcome.logText
        if let clue = FFmpegClues.loss(in: log) {
            return EngineFailure(
                failureClass: clue.failureClass,
                message: "\(program) did not write the whole film: \(clue.message)",
                advice: clue.advice
            )
        }
        guard let clue = FFmpegClues.damage.first(where: { log.contains($0.words) })
        else { return nil }
        return EngineFailure(
            failureClass: clue.failureClass,
            message: "\(program) did not read the whole input: \(clue.message)",
            advice: clue.advice
        )
    }
}
