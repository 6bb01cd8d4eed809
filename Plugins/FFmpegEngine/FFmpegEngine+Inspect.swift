// SPDX-License-Identifier: Apache-2.0
// Reelwork: looking at inputs and outputs with ffprobe

package import ReelworkCore
package import ReelworkEngineKit

extension FFmpegEngine {
    /// What ffprobe says of the input from its headers alone.
    package func inspectPlan() -> CommandPlan {
        Self.tool(
            "ffprobe",
            ["-hide_banner", "-v", "error"] + Self.inputOptions
                + ["-show_entries", FFprobeAnswer.entries, "-of", "json"]
                + ["-i", "file:" + ScratchNames.input],
            timeMax: Limits.probeTime
        )
    }

    /// The input as ffprobe saw it.
    package func inspected(_ outcome: CommandOutcome) throws(EngineFailure) -> MediaInfo {
        if let failure = EngineFailure(outcome, program: "ffprobe", clues: FFmpegClues.all) {
            throw failure
        }
        guard let media = FFprobeAnswer(outcome.output)?.media else {
            throw EngineFailure(
                failureClass: .inputError,
                message: "ffprobe does not know what the input is",
                advice: "check that the file is whole and is a film"
            )
        }
        guard media.video != nil else { throw Self.noVideo }
        return media
    }

    /// One ffprobe that reads the whole output and counts its frames.
    package func verifyPlans(_ job: JobSpec, context: CommandContext) -> [CommandPlan] {
        let plays = RunLimit.plausible(context.media.duration) ?? .zero
        return [
            Self.tool(
                "ffprobe",
                ["-hide_banner", "-v", "error"] + Self.inputOptions
                    + ["-count_packets", "-show_entries", FFprobeAnswer.entries, "-of", "json"]
                    + ["-i", "file:" + ScratchNames.output],
                timeMax: Limits.probeTime + plays
            )
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
        guard let outcome = outcomes.first else {
            throw .invalidOutput("the output was not looked at")
        }
        switch outcome.end {
        case .exited(0): break
        case .exited:
            let said = EngineFailure(outcome, program: "ffprobe", clues: [])?.message ?? ""
            throw .invalidOutput("the output does not open: \(said)")
        case .signaled, .timedOut, .notStarted:
            throw EngineFailure(outcome, program: "ffprobe", clues: [])
                ?? .invalidOutput("the output was not looked at")
        }
        guard let found = FFprobeAnswer(outcome.output)?.media else {
            throw .invalidOutput("ffprobe does not know what the output is")
        }
        try OutputExpectation(parameters, media: context.media, encoded: encoded).check(found)
        return found
    }
}
