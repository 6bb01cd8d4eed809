// SPDX-License-Identifier: Apache-2.0
// Reelwork: the command line of an encode

package import ReelworkCore
package import ReelworkEngineKit

extension FFmpegEngine {
    /// Demuxers that read one film and never another file or URL: no playlists, no scripts.
    static let inputFormats = [
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "flv", "mpegts",
        "mpeg", "mpegvideo", "asf", "ogg", "mxf", "h264", "hevc", "ivf", "obu", "av1", "nut",
        "yuv4mpegpipe", "dv", "gif", "rm", "wtv", "m4v", "live_flv", "gxf",
    ].joined(separator: ",")

    /// Options before `-i`: one local file in a known format.
    static let inputOptions = [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", inputFormats,
    ]

    /// The encode, with progress on standard output.
    package func command(
        _ job: JobSpec,
        context: CommandContext
    ) throws(EngineFailure) -> CommandPlan {
        let parameters: EncodeParameters
        do {
            parameters = try EncodeParameters(job, table: Self.table)
        } catch {
            throw EngineFailure(error)
        }
        guard context.media.video != nil else { throw FFmpegEngine.noVideo }
        var arguments = [
            "-nostdin", "-hide_banner", "-y", "-loglevel", "warning", "-nostats",
            "-progress", "pipe:1", "-stats_period", "0.5",
        ]
        arguments += Self.inputOptions + ["-i", "file:" + ScratchNames.input]
        arguments += ["-map", "0:V:0"]
        if parameters.audio != .none { arguments += ["-map", "0:a:0?"] }
        arguments += ["-map_chapters", "-1", "-sn", "-dn"]
        if let duration = parameters.duration { arguments += ["-t", Self.seconds(duration)] }
        arguments += Self.video(parameters, media: context.media)
        arguments += Self.audio(parameters.audio)
        if let threads = context.threadsMax { arguments += ["-threads", String(threads)] }
        arguments += Self.muxer(parameters.container) + ["file:" + ScratchNames.output]
        return CommandPlan(
            program: "ffmpeg",
            arguments: arguments,
            output: .progress,
            environment: [.plainLocale]
        )
    }

    private static func video(_ parameters: EncodeParameters, media: MediaInfo) -> [String] {
        guard case .encode(let encoder) = parameters.video else { return ["-c:v", "copy"] }
        var filters: [String] = []
        if let rate = parameters.frameRate {
            filters.append("fps=\(rate)")
            // -t is rounded to the clock of the frames, which after fps ticks once a frame: 1.01 s
            // at 10 a second would be 10 frames, and not the 11 that begin before.
            if parameters.duration != nil { filters.append("settb=1/1000000000") }
        }
        if let size = parameters.resolution {
            filters += ["scale=\(size.width):\(size.height)", "setsar=1"]
        } else if media.video?.resolution?.isEven != true {
            // 4:2:0 needs even sides. The text is fixed: rotation may have turned the sides.
            filters.append("scale=trunc(iw/2)*2:trunc(ih/2)*2")
        }
        var options = ["-c:v", encoder.name, "-pix_fmt", "yuv420p"]
        if !filters.isEmpty { options += ["-vf", filters.joined(separator: ",")] }
        options += ["-fps_mode", parameters.frameRate == nil ? "vfr" : "cfr"]
        return options + rate(parameters, encoder.codec)
            + speed(parameters.preset ?? .medium, encoder.codec)
            + tag(parameters.container, encoder.codec)
    }

    /// Bit rate or quality, always said, since builds differ in their defaults.
    private static func rate(_ parameters: EncodeParameters, _ codec: VideoCodec) -> [String] {
        if let bitrate = parameters.bitrate { return ["-b:v", String(bitrate)] }
        let quality = { (usual: UInt32) in ["-crf", String(parameters.crf ?? usual)] }
        switch codec {
        case .h264: return quality(23)
        case .h265: return quality(28)
        case .vp9: return quality(31) + ["-b:v", "0"]
        case .av1: return quality(35)
        case .mpeg4: return ["-b:v", "4000000"]
        }
    }

    private static func speed(_ preset: EncodePreset, _ codec: VideoCodec) -> [String] {
        switch codec {
        case .h264: ["-preset", preset.rawValue]
        case .h265: ["-preset", preset.rawValue, "-x265-params", "log-level=error"]
        case .vp9: ["-deadline", "good", "-cpu-used", String(8 - preset.slowness), "-row-mt", "1"]
        case .av1: ["-preset", String(12 - preset.slowness)]
        case .mpeg4: []
        }
    }

    /// The sample entry that more players know (ISO/IEC 14496-15, 8.4.1).
    private static func tag(_ container: MediaContainer, _ codec: VideoCodec) -> [String] {
        switch container {
        case .mp4, .mov: codec == .h265 ? ["-tag:v", "hvc1"] : []
        case .matroska, .webm: []
        }
    }

    private static func audio(_ target: AudioTarget) -> [String] {
        switch target {
        case .none: return ["-an"]
        case .copy: return ["-c:a", "copy"]
        case .encode(let encoder):
            let options = ["-c:a", encoder.name]
            // Opus knows surround sound only by mapping family 1 (RFC 7845), and 48 kHz.
            return encoder.codec == .opus
                ? options + ["-ar", "48000", "-af", surround] : options
        }
    }

    /// Layouts with side channels are turned into those that Opus orders (RFC 7845, 5.1.1.2).
    private static let surround = "aformat=channel_layouts=7.1|6.1|5.1|5.0|quad|3.0|stereo|mono"

    private static func muxer(_ container: MediaContainer) -> [String] {
        switch container {
        case .mp4: ["-movflags", "+faststart", "-f", "mp4"]
        case .mov: ["-movflags", "+faststart", "-f", "mov"]
        case .matroska: ["-f", "matroska"]
        case .webm: ["-f", "webm"]
        }
    }

    /// Seconds with six digits after the dot.
    static func seconds(_ duration: Duration) -> String {
        let parts = duration.components
        let micros = String(max(parts.attoseconds, 0) / 1_000_000_000_000)
        let zeros = String(repeating: "0", count: max(6 - micros.count, 0))
        return "\(max(parts.seconds, 0)).\(zeros)\(micros)"
    }

    static let noVideo = EngineFailure(
        failureClass: .inputError,
        message: "the input has no video",
        advice: "give a file with a video stream"
    )
}
