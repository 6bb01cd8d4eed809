// SPDX-License-Identifier: Apache-2.0
// Reelwork: what GStreamer's log means

import ReelworkCore
import ReelworkEngineKit

/// What GStreamer 1.22 says when it fails, the most specific first.
enum GStreamerClues {
    /// Media types that are lists of other files or URLs.
    static let listTypes = [
        "application/x-hls", "application/dash+xml", "application/vnd.ms-sstr+xml",
        "application/sdp", "application/xges", "text/uri-list", "application/smil",
        "application/xspf+xml", "image/svg",
    ]

    /// What a file that is no film makes GStreamer say, in pipelines and in the discoverer.
    static let input: [LogClue] =
        listTypes.map {
            LogClue(
                $0,
                .inputError,
                "the input is a list of other files",
                "give the film itself, such as MP4 or Matroska"
            )
        } + [
            LogClue(
                "Permission denied",
                .inputError,
                "the input may not be read",
                "let the worker's user read it"
            ),
            LogClue(
                "is a directory",
                .inputError,
                "the input is a folder",
                "name a file"
            ),
            LogClue(
                "No such file",
                .inputError,
                "the input is not there",
                "check the path as the worker sees it"
            ),
            LogClue(
                "Resource not found",
                .inputError,
                "the input is not there",
                "check the path as the worker sees it"
            ),
            LogClue(
                "Could not open file",
                .inputError,
                "the input may not be read",
                "let the worker's user read it"
            ),
            LogClue(
                "Could not open resource for reading",
                .inputError,
                "the input may not be read",
                "let the worker's user read it"
            ),
            LogClue(
                "Could not determine type of stream",
                .inputError,
                "the input is no film",
                "check that the file is whole and is a film"
            ),
            LogClue(
                "Stream contains no data",
                .inputError,
                "the input is empty",
                "check that the file is whole"
            ),
            LogClue(
                "contains no playable streams",
                .inputError,
                "the input is damaged",
                "check that the file is whole"
            ),
            LogClue(
                "is invalid and cannot be played",
                .inputError,
                "the input is damaged",
                "check that the file is whole"
            ),
            LogClue(
                "is corrupt and cannot be played",
                .inputError,
                "the input is damaged",
                "check that the file is whole"
            ),
            LogClue(
                "can't be decoded",
                .inputError,
                "the input is no film",
                "check that the file is whole and is a film"
            ),
        ]

    static let all: [LogClue] =
        LogClue.machine + [
            LogClue(
                "Failed to allocate",
                .resourceError,
                "memory ran out",
                "run fewer jobs at once, or use a worker that has more"
            ),
            LogClue(
                "no element \"",
                .capabilityMismatch,
                "this GStreamer lacks an element",
                "install the plugins base, good, bad, ugly and libav on this worker"
            ),
            LogClue(
                "no property \"",
                .capabilityMismatch,
                "this GStreamer lacks a property",
                "use GStreamer 1.22 or later on this worker"
            ),
        ] + input + [
            LogClue(
                "missing a plug-in",
                .capabilityMismatch,
                "this GStreamer lacks a decoder",
                "install the plugins base, good, bad, ugly and libav on this worker"
            ),
            LogClue(
                "Buffer has no PTS",
                .inputError,
                "the input's frames carry no times",
                "use another engine, or turn the input into MP4 or Matroska first"
            ),
            LogClue(
                "Delayed linking failed",
                .inputError,
                "a stream of the input is not what the inspection found",
                "check that the file is whole"
            ),
        ] + LogClue.network
}
