// SPDX-License-Identifier: Apache-2.0
// Reelwork: what FFmpeg's log means

import ReelworkCore
import ReelworkEngineKit

/// What FFmpeg 5.1 says when it fails, the most specific first.
enum FFmpegClues {
    private static let input = "file:\(ScratchNames.input): "

    /// What it says of an input that is not whole while it ends with code 0.
    static let damage = [
        LogClue(
            "partial file",
            .inputError,
            "it lost its end",
            "check that the file is whole; what is left can be copied into a new file first"
        ),
        LogClue(
            "File ended prematurely",
            .inputError,
            "it lost its end",
            "check that the file is whole; what is left can be copied into a new file first"
        ),
        LogClue(
            "exceeds containing master element",
            .inputError,
            "it is damaged",
            "check that the file is whole; what is left can be copied into a new file first"
        ),
    ]

    /// Why an output lost its end while FFmpeg ended with code 0; nil where it did not.
    ///
    /// What still lies in its buffer at the end, up to 32 KiB and so the whole of a short film, is
    /// written behind the last check of FFmpeg 5.1.
    static func loss(in log: String) -> LogClue? {
        let output = "file:\(ScratchNames.output)"
        let words = ["Error writing trailer of \(output)", "Error closing file \(output)"]
        guard words.contains(where: { log.contains($0) }) else { return nil }
        return LogClue.machine.first { log.contains($0.words) }
            ?? LogClue(
                "",
                .runtimeError,
                "its end could not be written",
                "read the job's log"
            )
    }

    static let all: [LogClue] =
        LogClue.machine + [
            LogClue(
                input + "No such file or directory",
                .inputError,
                "the input is not there",
                "check the path as the worker sees it"
            ),
            LogClue(
                input + "Permission denied",
                .inputError,
                "the input may not be read",
                "let the worker's user read it"
            ),
            LogClue(
                input + "Is a directory",
                .inputError,
                "the input is a folder",
                "name a file"
            ),
            LogClue(
                "Format not on whitelist",
                .inputError,
                "the input is a list of other files or an unusual format",
                "give the film itself, such as MP4 or Matroska"
            ),
            LogClue(
                "Protocol not on whitelist",
                .inputError,
                "the input names other files or URLs",
                "give the film itself, such as MP4 or Matroska"
            ),
            LogClue(
                input + "Protocol not found",
                .inputError,
                "the input names other files or URLs",
                "give the film itself, such as MP4 or Matroska"
            ),
            LogClue(
                input + "Invalid data found",
                .inputError,
                "the input is no film",
                "check that the file is whole and is a film"
            ),
            LogClue(
                input + "End of file",
                .inputError,
                "the input is empty or ends too early",
                "check that the file is whole"
            ),
            LogClue(
                "matches no streams",
                .inputError,
                "the input has no video",
                "give a file with a video stream"
            ),
            LogClue(
                "Unknown encoder",
                .capabilityMismatch,
                "this FFmpeg lacks the encoder",
                "another worker may have it"
            ),
            LogClue(
                "Unrecognized option",
                .capabilityMismatch,
                "this FFmpeg lacks an option",
                "use FFmpeg 5.1 or later on this worker"
            ),
            LogClue(
                "Unknown decoder",
                .capabilityMismatch,
                "this FFmpeg lacks the decoder",
                "another worker may have it"
            ),
            LogClue(
                "no decoder found",
                .capabilityMismatch,
                "this FFmpeg lacks the decoder",
                "another worker may have it"
            ),
            LogClue(
                "Could not find tag for codec",
                .userError,
                "the output's container does not hold a stream that is copied",
                "let it be encoded, or choose .mkv"
            ),
            LogClue(
                "Only VP8 or VP9 or AV1",
                .userError,
                "WebM does not hold a stream that is copied",
                "let it be encoded, or choose .mkv"
            ),
            LogClue(
                "Error while opening encoder",
                .runtimeError,
                "the encoder did not start",
                "read the job's log"
            ),
        ] + LogClue.network
}
