// SPDX-License-Identifier: Apache-2.0
// Reelwork: GStreamer as an engine

package import ReelworkCore
package import ReelworkEngineKit

/// GStreamer as an engine: files to files, with `gst-launch-1.0` and `gst-discoverer-1.0`.
///
/// Made and tested with GStreamer 1.22. It cuts (`duration`) by counting, see ``PipelineCut``. It
/// does not make MPEG-4 part 2, whose `avenc_mpeg4` stamps its frames with nonsense in 1.22; nor
/// crf 51 with `x264enc`, whose `quantizer` ends at 50 and overrides its `option-string`; nor does
/// it copy.
package struct GStreamerEngine: EngineAdapter {
    /// Makes the adapter; it holds nothing.
    package init() {}

    /// What GStreamer encodes here; encoders are named by their elements.
    package static let table = EncoderTable(
        engine: "gstreamer",
        video: [
            VideoEncoder(
                name: "x264enc",
                codec: .h264,
                qualities: 0...50,
                hasPresets: true
            ),
            VideoEncoder(
                name: "x265enc",
                codec: .h265,
                qualities: 0...51,
                bitrateMax: 100_000_000,
                hasPresets: true
            ),
            VideoEncoder(name: "vp9enc", codec: .vp9, qualities: 0...51, hasPresets: true),
            VideoEncoder(
                name: "av1enc",
                codec: .av1,
                qualities: 0...51,
                bitrateMax: 100_000_000,
                hasPresets: true
            ),
        ],
        audio: [
            AudioEncoder(name: "avenc_aac", codec: .aac),
            AudioEncoder(name: "opusenc", codec: .opus),
        ],
        canCopyVideo: false,
        canCopyAudio: false,
        canCut: true
    )

    /// What it is.
    package var about: EngineDescription { Self.description }

    private static let description = EngineDescription(
        name: table.engine,
        adapterVersion: 2,
        title: "GStreamer, files to files",
        strengths: [.live],
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

    /// What is encoded of the input, and some slack.
    package func timeout(_ job: JobSpec, duration: Duration?, policy: TimeoutPolicy) -> RunLimit {
        guard let known = RunLimit.plausible(duration) else {
            return RunLimit(job, engineLimit: policy.unknownDuration)
        }
        return RunLimit(job, engineLimit: RunLimit.kept(of: known, by: job) + policy.slack)
    }

    /// A reader of the pipeline's messages.
    package func progressParser() -> any ProgressParser { GStreamerProgressParser() }

    private static let noFrame = EngineFailure(
        failureClass: .inputError,
        message: "the input's video has no frame that can be decoded",
        advice: "check that the file is whole and is a film"
    )

    /// Reads exit, log and whether the end of the stream was reached.
    ///
    /// A pipeline that ends with code 0 before its end is a failure.
    package func classify(_ outcome: CommandOutcome) -> EngineFailure? {
        let program = "gst-launch-1.0"
        if let failure = EngineFailure(outcome, program: program, clues: GStreamerClues.all) {
            return failure
        }
        guard let progress = outcome.progress else { return nil }
        guard !progress.isEnd else {
            let isEmpty = (progress.frames ?? 0) == 0 && (progress.framesGiven ?? 0) == 0
            return isEmpty ? Self.noFrame : nil
        }
        return EngineFailure(
            failureClass: .runtimeError,
            message: "\(program) ended before the end of the stream",
            advice: "read the job's log"
        )
    }
}
