// SPDX-License-Identifier: Apache-2.0
// Reelwork: what compressing a frame costs and saves

import ReelworkCore
import ReelworkWire

/// What compressing a frame costs and saves, with the contexts that an event loop uses again.
struct CompressionCost {
    var name: String
    var plainBytes: Int
    var wireBytes: Int
    /// To encode the message and its frame without a codec, and with one.
    var plainTime: Duration
    var deflateTime: Duration
    /// To read the frame as it went, inflating included.
    var readTime: Duration

    /// Bodies of submissions: about 256 B, 1 KiB and 8 KiB, and a batch of 64 jobs.
    static func all() throws -> [CompressionCost] {
        try [("256 B", 256), ("1 KiB", 1_024), ("8 KiB", 8_192)].map { name, bytes in
            try measure(name, batch { $0 < bytes })
        } + [measure("64 jobs", batch { _ in true })]
    }

    /// Jobs as people submit them, at most 64, while `isWanted` says so of the bytes so far.
    private static func batch(while isWanted: (Int) -> Bool) -> SubmitBatch.Request {
        var items: [SubmitItem] = []
        var bytes = 0
        while items.count < 64, isWanted(bytes) {
            let number = items.count
            let spec = JobSpec(
                engine: "ffmpeg",
                input: "/films/in/season-\(number % 7)/episode-\(number * 31 % 97).mov",
                output: "/films/out/season-\(number % 7)/episode-\(number * 31 % 97).mp4",
                parameters: [
                    Parameter(key: "codec", value: "h264"),
                    Parameter(key: "crf", value: "\(18 + number % 9)"),
                    Parameter(key: "preset", value: "fast"),
                    Parameter(key: "resolution", value: "1280x720"),
                ]
            ).encoded
            items.append(SubmitItem(key: "night-\(number * 7_919 % 100_003)", spec: spec))
            bytes += spec.count + 20
        }
        return SubmitBatch.Request(isAtomic: false, items: items)
    }

    private static func measure(
        _ name: String,
        _ request: SubmitBatch.Request
    ) throws -> CompressionCost {
        var deflater = Deflater()
        var inflater = Inflater()
        var encoder = FrameEncoder(frameBytesMax: Limits.frameBytesMax)
        let plainTime = try repeated { try append(request, &encoder, &deflater) }
        let plainBytes = encoder.byteCount
        encoder.isCompressionAllowed = true
        let deflateTime = try repeated { try append(request, &encoder, &deflater) }
        let frame = encoder.array
        let readTime = try repeated {
            var decoder = FrameDecoder(stage: .ready)
            decoder.open(frameBytesMax: Limits.frameBytesMax, isCompressionAllowed: true)
            guard case .frame = try decoder.next(in: frame.span.bytes, &inflater) else {
                throw BenchError("a frame of our own was not read")
            }
        }
        return CompressionCost(
            name: name,
            plainBytes: plainBytes,
            wireBytes: frame.count,
            plainTime: plainTime,
            deflateTime: deflateTime,
            readTime: readTime
        )
    }

    private static func append(
        _ request: SubmitBatch.Request,
        _ encoder: inout FrameEncoder,
        _ deflater: inout Deflater
    ) throws {
        encoder.reset()
        try encoder.append(
            request,
            kind: .request,
            methodField: FrameHeader.field(.submitBatch),
            requestID: 1,
            &deflater
        )
    }

    /// The median of 5 times of 2,000 calls, for one call.
    private static func repeated(_ body: () throws -> Void) rethrows -> Duration {
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<5 {
            let begin = clock.now
            for _ in 0..<2_000 { try body() }
            times.append(begin.duration(to: clock.now) / 2_000)
        }
        return times.sorted()[2]
    }
}
