// SPDX-License-Identifier: Apache-2.0
// Reelwork: looking at inputs and outputs with the discoverer

package import ReelworkCore
package import ReelworkEngineKit

extension GStreamerEngine {
    /// What the discoverer says of the input.
    package func inspectPlan() -> CommandPlan {
        Self.discoverer(ScratchNames.input)
    }

    private static func discoverer(_ name: String) -> CommandPlan {
        tool(
            "gst-discoverer-1.0",
            ["--timeout=20", name],
            environment: DiscovererAnswer.environment
        )
    }

    private static let hiddenPicture = EngineFailure(
        failureClass: .inputError,
        message: "the input's picture plays less than a fifth of it, and gstreamer does not read "
            + "such tracks in MP4",
        advice: "use engine=ffmpeg"
    )

    /// The input as the discoverer saw it, which ends with code 0 whatever it found.
    package func inspected(_ outcome: CommandOutcome) throws(EngineFailure) -> MediaInfo {
        let program = "gst-discoverer-1.0"
        if let failure = EngineFailure(outcome, program: program, clues: GStreamerClues.all) {
            throw failure
        }
        let answer = DiscovererAnswer(outcome)
        if let media = answer.media, media.video != nil { return media }
        guard let problem = answer.problem else {
            if let media = answer.media {
                throw media.streams.contains(where: \.isHidden) ? Self.hiddenPicture : Self.noVideo
            }
            throw EngineFailure(
                failureClass: .inputError,
                message: "\(program) does not know what the input is",
                advice: "check that the file is whole and is a film"
            )
        }
        let said = outcome.outputText
        guard let clue = GStreamerClues.input.first(where: { said.contains($0.words) }) else {
            throw EngineFailure(
                failureClass: said.contains("Missing plugins") ? .capabilityMismatch : .inputError,
                message: "\(program) could not read the input: \(problem)",
                advice: "check that the file is whole and is a film"
            )
        }
        throw EngineFailure(
            failureClass: clue.failureClass,
            message: clue.message,
            advice: clue.advice
        )
    }

    /// The discoverer, and a pipeline that takes the output apart and counts its frames.
    package func verifyPlans(_ job: JobSpec, context: CommandContext) -> [CommandPlan] {
        let plays = RunLimit.plausible(context.media.duration) ?? .zero
        // parsebin rather than the demuxer itself: gst-launch-1.0 now and then hangs on the error
        // of a broken file, far less often so; and pushed through a queue, demuxers miscount.
        let count =
            "filesrc location=\(ScratchNames.output) ! parsebin name=d d. ! "
            + "\(Self.mediaType(job)) ! \(Self.counter) ! fakesink sync=false"
        return [
            Self.discoverer(ScratchNames.output),
            CommandPlan(
                program: "gst-launch-1.0",
                arguments: Self.launch + Self.words(count),
                output: .progress,
                environment: Self.environment,
                timeMax: Limits.probeTime + plays / 10
            ),
        ]
    }

    /// Judges the output.
    package func verified(
        _ job: JobSpec,
        context: CommandContext,
        encoded: EngineProgress?,
        outcomes: [CommandOutcome]
    ) throws(EngineFailure) -> MediaInfo {
        let parameters: EncodeParameters
        do {
            parameters = try EncodeParameters(job, table: Self.table)
        } catch {
            throw EngineFailure(error)
        }
        guard outcomes.count == 2 else { throw .invalidOutput("the output was not looked at") }
        // The discoverer believes what a container says of its length, and counts no frames.
        guard let encoded else { throw .invalidOutput("nothing was counted while it was encoded") }
        try Self.requireOpened(outcomes[0], by: "gst-discoverer-1.0")
        let answer = DiscovererAnswer(outcomes[0])
        guard var found = answer.media, let video = found.streams.firstIndex(where: Self.isVideo)
        else {
            if answer.media?.streams.contains(where: \.isHidden) == true {
                throw Self.hiddenOutput
            }
            let why = answer.problem ?? "it has no video"
            throw .invalidOutput("the output does not open: \(why)")
        }
        try Self.requireOpened(outcomes[1], by: "gst-launch-1.0")
        guard let counted = outcomes[1].progress, counted.isEnd else {
            throw .invalidOutput("the output could not be read to its end")
        }
        found.streams[video].frames = counted.frames
        if let cut = try PipelineCut(parameters, media: context.media),
            let frames = counted.frames, frames > cut.frames
        {
            throw .invalidOutput("the output has \(frames) frames, and was cut to \(cut.frames)")
        }
        Self.reveal(&found, parameters)
        try OutputExpectation(parameters, media: context.media, encoded: encoded).check(found)
        return found
    }

    private static func requireOpened(
        _ outcome: CommandOutcome,
        by program: String
    ) throws(EngineFailure) {
        guard let failure = EngineFailure(outcome, program: program, clues: []) else { return }
        guard case .exited = outcome.end else { throw failure }
        throw .invalidOutput("the output does not open: \(failure.message)")
    }

    private static let hiddenOutput = EngineFailure(
        failureClass: .inputError,
        message: "the picture plays less than a fifth of the sound, and gstreamer does not read "
            + "such a picture back from MP4",
        advice: "choose an output that ends in .mkv, use engine=ffmpeg, or give audio=none"
    )

    /// Turns the one hidden track into the sound: the pipeline makes no other tracks than the two.
    ///
    /// It cannot be measured on its way into the muxer: messages of two threads get lost.
    private static func reveal(_ found: inout MediaInfo, _ parameters: EncodeParameters) {
        let hidden = found.streams.indices.filter { found.streams[$0].isHidden }
        guard found.audio == nil, hidden.count == 1, let index = hidden.first,
            case .encode(let encoder) = parameters.audio,
            let plays = found.streams[index].duration, plays > .zero
        else { return }
        found.streams[index].kind = .audio
        found.streams[index].codec = encoder.codec.rawValue
    }

    private static func isVideo(_ stream: MediaStream) -> Bool { stream.kind == .video }
}
