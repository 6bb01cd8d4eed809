// SPDX-License-Identifier: Apache-2.0
// Reelwork: an encoder table for tests

import ReelworkCore
import ReelworkEngineKit

/// An engine's table with everything, and makers of jobs and parameters.
enum TestTable {
    static let all = EncoderTable(
        engine: "test",
        video: [
            VideoEncoder(name: "libx264", codec: .h264, qualities: 0...50, hasPresets: true),
            VideoEncoder(name: "fast264", codec: .h264, qualities: nil, hasPresets: false),
            VideoEncoder(
                name: "libx265",
                codec: .h265,
                qualities: 0...51,
                bitrateMax: 5_000_000,
                hasPresets: true
            ),
            VideoEncoder(name: "vp9x", codec: .vp9, qualities: 0...51, hasPresets: true),
        ],
        audio: [
            AudioEncoder(name: "aacx", codec: .aac), AudioEncoder(name: "opusx", codec: .opus),
        ],
        canCopyVideo: true,
        canCopyAudio: true,
        canCut: true
    )

    static func job(_ parameters: [String: String], to output: String = "/out/film.mp4") -> JobSpec
    {
        JobSpec(
            input: "/in/film.mkv",
            output: output,
            parameters: parameters.map { Parameter(key: $0.key, value: $0.value) }
        )
    }

    static func read(
        _ parameters: [String: String],
        to output: String = "/out/film.mp4"
    ) throws(EngineRefusal) -> EncodeParameters {
        try EncodeParameters(job(parameters, to: output), table: all)
    }
}
