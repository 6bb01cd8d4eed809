// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether GStreamer is here and what it really encodes

package import ReelworkCore
package import ReelworkEngineKit

extension GStreamerEngine {
    /// Elements that would open other files or URLs which an input names: never plugged in.
    static let forbiddenElements = [
        "hlsdemux", "hlsdemux2", "dashdemux", "dashdemux2", "mssdemux", "mssdemux2", "sdpdemux",
        "gesdemux", "gessrc", "rsvgdec", "splitmuxsrc", "imagesequencesrc", "uridecodebin",
        "uridecodebin3", "urisourcebin", "rtspsrc",
    ]

    /// What every program here runs with.
    static let environment = [
        EnvironmentValue.plainLocale,
        EnvironmentValue(
            name: "GST_PLUGIN_FEATURE_RANK",
            value: forbiddenElements.map { $0 + ":NONE" }.joined(separator: ",")
        ),
        EnvironmentValue(name: "GST_DEBUG_NO_COLOR", value: "1"),
    ]

    /// The version, the discoverer, then a tiny encode for each encoder to standard output.
    package func probePlans() -> [CommandPlan] {
        let programs = [
            Self.tool("gst-launch-1.0", ["--version"]),
            Self.tool("gst-discoverer-1.0", ["--help"]),
        ]
        let videos = Self.table.video.map { encoder in
            Self.probe(
                "videotestsrc num-buffers=10 ! video/x-raw,format=I420,width=64,height=64,"
                    + "framerate=25/1",
                encoder.name
            )
        }
        let audios = Self.table.audio.map { encoder in
            Self.probe(
                "audiotestsrc num-buffers=20 ! audioconvert ! audioresample",
                encoder.name
            )
        }
        return programs + videos + audios
    }

    private static func probe(_ source: String, _ encoder: String) -> CommandPlan {
        tool("gst-launch-1.0", ["-q"] + words("\(source) ! \(encoder) ! fdsink fd=1"))
    }

    /// A fixed pipeline text as arguments.
    static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }

    /// A plan whose output is kept.
    static func tool(
        _ program: String,
        _ arguments: [String],
        environment: [EnvironmentValue] = environment,
        timeMax: Duration = Limits.probeTime
    ) -> CommandPlan {
        CommandPlan(
            program: program,
            arguments: arguments,
            output: .kept(bytesMax: Limits.probeOutputBytesMax),
            environment: environment,
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
        for (index, program) in ["gst-launch-1.0", "gst-discoverer-1.0"].enumerated() {
            guard index < outcomes.count else {
                report.problem = "\(program) was not probed"
                return report
            }
            guard outcomes[index].isSuccess else {
                report.problem =
                    "\(program) does not work: \(outcomes[index].end); install gstreamer1.0-tools "
                    + "and gstreamer1.0-plugins-base-apps"
                return report
            }
        }
        guard let version = Self.version(outcomes[0]) else {
            report.problem = "gst-launch-1.0 does not say its version; reinstall it"
            return report
        }
        report.version = version
        for (name, outcome) in zip(Self.table.encoderNames, outcomes.dropFirst(2))
        where outcome.isSuccess && outcome.output.count >= 256 {
            report.encoders.append(name)
        }
        if report.encoders.isEmpty {
            report.problem = "no test encode worked; install the plugins good, bad, ugly and libav"
        }
        return report
    }

    /// The word after `version` in the first line; nil where the line is another.
    private static func version(_ outcome: CommandOutcome) -> String? {
        let words =
            outcome.output.prefix(512).split(separator: UInt8(ascii: "\n")).first?
            .split(separator: UInt8(ascii: " ")) ?? []
        guard words.count >= 3, words[0].elementsEqual("gst-launch-1.0".utf8),
            words[1].elementsEqual("version".utf8)
        else { return nil }
        return ShownText.cut(String(decoding: words[2], as: UTF8.self), bytesMax: 64)
    }
}
