// SPDX-License-Identifier: Apache-2.0
// Reelwork: the pipeline of an encode

package import ReelworkCore
package import ReelworkEngineKit

extension GStreamerEngine {
    /// A queue of encoded data: a muxer waits for the slower stream while an encoder looks ahead,
    /// and the faster one must not run full meanwhile.
    ///
    /// 64 MiB hold minutes of it.
    private static let encodedQueue =
        "queue max-size-buffers=0 max-size-time=0 max-size-bytes=67108864"

    /// Prints a line for each encoded frame that passes, which the progress is read from.
    static let counter = "identity name=\(GStreamerProgressParser.element) silent=false"

    /// The same for each frame that the encoder is given: some have lost frames without a word.
    private static let giver = "identity name=\(GStreamerProgressParser.givenElement) silent=false"

    /// Messages on, without the properties that would flood.
    static let launch = ["-e", "-v", "-X", "caps", "-X", "force-key-unit"]

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
        guard context.media.video != nil else { throw Self.noVideo }
        try Self.requireSound(parameters, context.media)
        guard case .encode(let encoder) = parameters.video else {
            throw EngineFailure(
                EngineRefusal(kind: .unsupported, message: "gstreamer does not copy video")
            )
        }
        try Self.requireSides(parameters, context.media)
        let cut = try PipelineCut(parameters, media: context.media)
        var pipeline = "filesrc location=\(ScratchNames.input) ! decodebin name=d "
        pipeline += Self.picture(parameters, media: context.media, cut: cut)
        pipeline += " ! \(Self.giver) ! " + Self.encoding(parameters, encoder, context)
        pipeline += " ! \(Self.counter) ! \(Self.encodedQueue) ! mux. "
        if case .encode(let encoder) = parameters.audio, context.media.audio != nil {
            pipeline += "d. ! queue ! audioconvert ! audioresample ! "
            if let cut { pipeline += cut.sound + " ! " }
            pipeline += Self.sound(encoder) + " ! \(Self.encodedQueue) ! mux. "
        }
        pipeline += "\(Self.muxer(parameters.container)) name=mux ! "
        pipeline += "filesink location=\(ScratchNames.output)"
        return CommandPlan(
            program: "gst-launch-1.0",
            arguments: Self.launch + Self.words(pipeline),
            output: .progress,
            environment: Self.environment
        )
    }

    /// Refuses to drop a sound that GStreamer does not read.
    private static func requireSound(
        _ parameters: EncodeParameters,
        _ media: MediaInfo
    ) throws(EngineFailure) {
        guard parameters.audio != .none, media.audio == nil,
            media.streams.contains(where: \.isHidden)
        else { return }
        throw EngineFailure(
            failureClass: .inputError,
            message: "the input has a track that plays less than a fifth of the film, which "
                + "gstreamer does not read and which may be its sound",
            advice: "use engine=ffmpeg, or give audio=none"
        )
    }

    /// Refuses pictures that `x264enc` does not take; the pipeline would only say that it does not
    /// start.
    private static func requireSides(
        _ parameters: EncodeParameters,
        _ media: MediaInfo
    ) throws(EngineFailure) {
        guard parameters.resolution == nil, let size = media.video?.resolution else { return }
        let (least, most) = (Resolution.sides.lowerBound, sideMax)
        guard min(size.width, size.height) < least || max(size.width, size.height) > most
        else { return }
        throw EngineFailure(
            failureClass: .userError,
            message: "the input's picture is \(size); gstreamer takes sides of \(least) to \(most)",
            advice: "give resolution too, or use another engine"
        )
    }

    /// The longest side that every encoder here takes.
    private static let sideMax: UInt32 = 16_383

    private static func picture(
        _ parameters: EncodeParameters,
        media: MediaInfo,
        cut: PipelineCut?
    ) -> String {
        var chain = "d. ! queue ! videoconvert"
        var caps = "video/x-raw,format=I420"
        if let rate = parameters.frameRate ?? cut?.rate {
            chain += " ! videorate"
            caps += ",framerate=\(rate)"
        }
        if let size = parameters.resolution {
            chain += " ! videoscale add-borders=false"
            caps += ",width=\(size.width),height=\(size.height),pixel-aspect-ratio=1/1"
        } else if let size = media.video?.resolution, !size.isEven {
            // 4:2:0 needs even sides.
            chain += " ! videoscale add-borders=false"
            caps += ",width=\(max(size.width / 2 * 2, 2)),height=\(max(size.height / 2 * 2, 2))"
        }
        return chain + " ! " + caps + (cut.map { " ! " + $0.picture } ?? "")
    }

    private static func encoding(
        _ parameters: EncodeParameters,
        _ encoder: VideoEncoder,
        _ context: CommandContext
    ) -> String {
        let threads = context.threadsMax
        let preset = parameters.preset ?? .medium
        let bitrate = parameters.bitrate
        // x264enc and x265enc count in kbit/s.
        let kilobits = bitrate.map { max(($0 + 500) / 1_000, 1) }
        switch encoder.codec {
        case .h264:
            let rate =
                kilobits.map { "pass=cbr bitrate=\($0)" }
                ?? "pass=qual quantizer=\(parameters.crf ?? 23)"
            let limit = threads.map { " threads=\($0)" } ?? ""
            return "\(encoder.name) \(rate) speed-preset=\(preset.rawValue)\(limit) ! h264parse"
        case .h265:
            let rate = kilobits.map { "bitrate=\($0) " } ?? ""
            let quality = bitrate == nil ? "crf=\(parameters.crf ?? 28):" : ""
            let limit = threads.map { ":pools=\($0)" } ?? ""
            return "\(encoder.name) \(rate)speed-preset=\(preset.rawValue) "
                + "option-string=\(quality)log-level=error\(limit) ! h265parse"
        case .vp9:
            // There is no pure quality mode: a target above what is needed makes one.
            let rate =
                bitrate.map { "end-usage=vbr target-bitrate=\($0)" }
                ?? "end-usage=cq cq-level=\(parameters.crf ?? 31) "
                + "target-bitrate=\(ample(parameters, context.media))"
            return "\(encoder.name) \(rate) cpu-used=\(8 - preset.slowness) row-mt=true "
                + "threads=\(threads ?? 8)"
        case .av1:
            // Without bounds of the quantizer it makes the finest picture whatever the bit rate.
            let crf = parameters.crf ?? 35
            let rate =
                kilobits.map {
                    "end-usage=vbr min-quantizer=0 max-quantizer=63 target-bitrate=\($0)"
                }
                ?? "end-usage=q min-quantizer=\(crf) max-quantizer=\(crf)"
            let limit = threads.map { " threads=\($0)" } ?? ""
            return "\(encoder.name) \(rate) cpu-used=\(8 - preset.slowness / 2)\(limit) ! av1parse"
        case .mpeg4:
            // Not in the table.
            return encoder.name
        }
    }

    /// Four bits a pixel: more than a quality needs.
    ///
    /// With 50 or more, libvpx loses frames.
    private static func ample(_ parameters: EncodeParameters, _ media: MediaInfo) -> UInt64 {
        let size = parameters.resolution ?? media.video?.resolution
        let rate = parameters.frameRate ?? media.video?.frameRate
        guard let size else { return 20_000_000 }
        let pixels = Double(size.width) * Double(size.height) * min(rate?.perSecond ?? 30, 1_000)
        return UInt64(min(max(pixels * 4, 1_000), 500_000_000))
    }

    private static func sound(_ encoder: AudioEncoder) -> String {
        switch encoder.codec {
        case .aac: "\(encoder.name) ! aacparse"
        case .opus: "\(encoder.name) ! opusparse"
        }
    }

    private static func muxer(_ container: MediaContainer) -> String {
        switch container {
        case .mp4: "mp4mux"
        case .mov: "qtmux"
        case .matroska: "matroskamux"
        case .webm: "webmmux"
        }
    }

    /// The media type of the encoded video, to pick it out of the output again.
    static func mediaType(_ job: JobSpec) -> String {
        guard case .encode(let encoder)? = try? EncodeParameters(job, table: table).video
        else { return "video/x-h264" }
        return switch encoder.codec {
        case .h264: "video/x-h264"
        case .h265: "video/x-h265"
        case .vp9: "video/x-vp9"
        case .av1: "video/x-av1"
        case .mpeg4: "video/mpeg"
        }
    }

    static let noVideo = EngineFailure(
        failureClass: .inputError,
        message: "the input has no video",
        advice: "give a file with a video stream"
    )
}
