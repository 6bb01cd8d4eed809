// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether FFmpeg is here and what it really encodes

package import ReelworkCore
package import ReelworkEngineKit

extension FFmpegEngine {
    private static let quiet = ["-nostdin", "-hide_banner", "-loglevel", "error"]

    /// The versions of both programs, then a tiny encode for each encoder, into a Matroska stream.
    package func probePlans() -> [CommandPlan] {
        let versions = ["ffmpeg", "ffprobe"].map { program in
            Self.tool(program, ["-version"], timeMax: Limits.probeTime)
        }
        let videos = Self.table.video.map { encoder in
            Self.probe("testsrc=size=64x64:rate=25:duration=0.4", "-c:v", encoder.name)
        }
        let audios = Self.table.audio.map { encoder in
            Self.probe("sine=frequency=440:sample_rate=48000:duration=0.4", "-c:a", encoder.name)
        }
        return versions + videos + audios
    }

    private static func probe(_ source: String, _ option: String, _ encoder: String) -> CommandPlan
    {
        let format = option == "-c:v" ? ["-pix_fmt", "yuv420p"] : []
        return tool(
            "ffmpeg",
            quiet + ["-f", "lavfi", "-i", source, option, encoder] + format
                + ["-f", "matroska", "pipe:1"],
            timeMax: Limits.probeTime
        )
    }

    /// A plan whose output is kept.
    static func tool(_ program: String, _ arguments: [String], timeMax: Duration) -> CommandPlan {
        CommandPlan(
            program: program,
            arguments: arguments,
            output: .kept(bytesMax: Limits.probeOutputBytesMax),
            environment: [.plainLocale],
            timeMax: timeMax
        )
    }

    /// What the probe found.
    package func report(probed outcomes: [CommandOutcome]) -> EngineReport {
        var report = EngineReport(
            name: Self.table.engine,
            version: "",
            encoders: [],
            adapterVersion: about.adapterVersion
        )
        for (index, program) in ["ffmpeg", "ffprobe"].enumerated() {
            guard index < outcomes.count else {
                report.problem = "\(program) was not probed"
                return report
            }
            let outcome = outcomes[index]
            guard outcome.isSuccess, let version = Self.version(outcome, of: program) else {
                report.problem = "\(program) does not work: \(outcome.end); install ffmpeg"
                return report
            }
            if index == 0 { report.version = version }
        }
        for (name, outcome) in zip(Self.table.encoderNames, outcomes.dropFirst(2))
        where outcome.isSuccess && Self.isMatroska(outcome.output) {
            report.encoders.append(name)
        }
        if report.encoders.isEmpty { report.problem = "no test encode worked; reinstall ffmpeg" }
        return report
    }

    /// The word after `ffmpeg version` in the first line; nil where the line is another.
    private static func version(_ outcome: CommandOutcome, of program: String) -> String? {
        let words =
            outcome.output.prefix(512).split(separator: UInt8(ascii: "\n")).first?
            .split(separator: UInt8(ascii: " ")) ?? []
        guard words.count >= 3, words[0].elementsEqual(program.utf8),
            words[1].elementsEqual("version".utf8)
        else { return nil }
        return ShownText.cut(String(decoding: words[2], as: UTF8.self), bytesMax: 64)
    }

    /// An EBML header (RFC 8794) and more than headers.
    private static func isMatroska(_ bytes: [UInt8]) -> Bool {
        bytes.count > 512 && bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
    }
}
