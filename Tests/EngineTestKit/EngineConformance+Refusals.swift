// SPDX-License-Identifier: Apache-2.0
// Reelwork: what every adapter refuses

import ReelworkCore
import ReelworkEngineKit

extension EngineConformance {
    // Not as input, output, or value or name of any parameter, nor from the input's inspection.
    var noTextReachesACommand: EngineRule {
        EngineRule("no text of a submitter reaches a command") { breaches in
            let context = CommandContext(media: Self.media)
            var plans = engine.probePlans() + [engine.inspectPlan()]
            for nasty in NastyTexts.all {
                for ending in ["", ".mp4", ".mkv"] {
                    let job = job(from: "/" + nasty, to: "/o/" + nasty + ending)
                    if let plan = try? engine.command(job, context: context) { plans.append(plan) }
                    plans += engine.verifyPlans(job, context: context)
                }
                for parameter in CommonParameter.allCases.map(\.rawValue) + [nasty] {
                    let job = job([parameter: nasty])
                    _ = breaches.refusal("\(parameter)=\(nasty)") { _ = try engine.support(job) }
                    let failure = await breaches.failure("\(parameter)=\(nasty)") {
                        _ = try engine.command(job, context: context)
                    }
                    breaches.require(failure?.failureClass != .runtimeError, "\(nasty): retried")
                    plans += engine.verifyPlans(job, context: context)
                }
                let odd = CommandContext(media: Self.odd(nasty))
                if let plan = try? engine.command(job(), context: odd) { plans.append(plan) }
                plans += engine.verifyPlans(job(), context: odd)
            }
            breaches.require(plans.count > 100, "only \(plans.count) plans were looked at")
            for plan in plans {
                let texts = [plan.program] + plan.arguments + plan.environment.map(\.value)
                for text in texts where text.contains(NastyTexts.mark) || !Self.isPlain(text) {
                    breaches.note("argument \(ShownText.quoted(text))")
                }
            }
        }
    }

    private static func odd(_ text: String) -> MediaInfo {
        MediaInfo(
            duration: .seconds(1),
            container: text,
            streams: [
                MediaStream(kind: .video, codec: text), MediaStream(kind: .audio, codec: text),
            ]
        )
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Values that no parameter takes, whatever it is.
    private static let never = [
        "", " ", "-1", "+1", "0x10", "1e3", "NaN", "nan", "inf", "-inf", "١٢", "１２", "²", "1 ",
        " 1",
        "1\n", "1\u{0}", "1,5", "--", "18446744073709551616", "99999999999999999999999999999",
        String(repeating: "9", count: 1 << 20), String(repeating: "é", count: 500),
    ]

    /// Values that one parameter does not take.
    private static let outside: [(CommonParameter, [String])] = [
        (.bitrate, ["0", "999", "0.9k", "1001M", "1000000001", "1.2345k", "k", "M", "2Mb", ".5M"]),
        (.crf, ["52", "51.0", "1.5", "-0"]),
        (.preset, ["Medium", "placebo", "fastest", "0"]),
        (
            .resolution,
            [
                "0x0", "16x15", "15x16", "641x360", "640x361", "8194x16", "16x8194", "640", "x",
                "640x", "x360", "640x360x1", "640X360", "640*360", "4294967312x16",
            ]
        ),
        (
            .fps,
            ["0", "0/1", "1/0", "1001", "0.0001", "25/", "/1", "25/1/1", "1000001/1000", "1:1"]
        ),
        (
            .duration,
            ["0", "0s", "0.0000001", "0.000000", "1d", "s", "h", "1h1m", "1:30", "999999999h"]
        ),
        (.codec, ["H264", "h264 ", "libx264;", "none"]), (.audio, ["AAC", "mute"]),
    ]

    var valuesOutsideAreRefused: EngineRule {
        EngineRule("values outside a parameter's limits are refused by its name") { breaches in
            for (parameter, values) in Self.outside {
                for value in values + Self.never {
                    let what = "\(parameter.rawValue)=\(ShownText.quoted(value))"
                    let refusal = breaches.refusal(what) {
                        _ = try engine.support(job([parameter.rawValue: value]))
                    }
                    guard let refusal else { continue }
                    breaches.require(refusal.parameter == parameter.rawValue, "\(what): no name")
                    breaches.require(Self.isShort(refusal.message), "\(what): a long message")
                }
            }
            let twice = JobSpec(
                input: "/i",
                output: "/o.mp4",
                parameters: [Parameter(key: "fps", value: "5"), Parameter(key: "fps", value: "6")]
            )
            _ = breaches.refusal("fps twice") { _ = try engine.support(twice) }
        }
    }

    /// Whether a message is short and holds no control bytes.
    static func isShort(_ text: String) -> Bool {
        text.utf8.count <= 1_024 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    var streamsAreRefused: EngineRule {
        EngineRule("what is no file is refused") { breaches in
            let places = [
                ("/i.mp4", "rtmp://host/live"), ("udp://host:1", "/o.mp4"), ("i.mp4", "/o.mp4"),
                ("/i.mp4", "o.mp4"), ("", "/o.mp4"), ("/i.mp4", ""), ("/a.mp4", "/a.mp4"),
                ("/i.mp4", "/o.exe"), ("/i\u{0}.mp4", "/o.mp4"), ("/i.mp4", "/o\u{0}.mp4"),
                ("/" + String(repeating: "i", count: 1 << 20), "/o.mp4"), ("/i.mp4", "/.mp4"),
            ]
            for (input, output) in places {
                let what = "\(ShownText.quoted(input)) to \(ShownText.quoted(output))"
                let refusal = breaches.refusal(what) {
                    _ = try engine.support(job(from: input, to: output))
                }
                breaches.require(Self.isShort(refusal?.message ?? ""), "\(what): a long message")
            }
        }
    }

    var soundAloneIsAnInputError: EngineRule {
        EngineRule("a film without a picture is an input error") { breaches in
            var sound = Self.media
            sound.streams.removeFirst()
            let failure = await breaches.failure("sound alone") {
                _ = try engine.command(job(), context: CommandContext(media: sound))
            }
            breaches.require(
                failure?.failureClass == .inputError,
                "sound: \(String(describing: failure))"
            )
        }
    }
}
