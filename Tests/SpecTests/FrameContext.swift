// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a reader knows before a frame of the vectors

import ReelworkCore
import ReelworkWire

/// What a reader knows before a frame of the vectors.
enum FrameContext {
    static func decoder(_ vector: Vector) -> FrameDecoder {
        let stage: FrameStage? =
            switch vector.json["state"]?.text {
            case "before_hello": .hello
            case "before_hello_ack": .helloAck
            case "before_auth": .auth
            case "before_auth_ok": .authOK
            default: nil
            }
        if let stage { return FrameDecoder(stage: stage) }
        var decoder = FrameDecoder(stage: .ready)
        let codec = vector.json["codec"]?.number ?? 1
        decoder.open(
            frameBytesMax: Int(vector.json["max_frame"]?.number ?? UInt64(Limits.frameBytesMax)),
            isCompressionAllowed: codec == 1
        )
        return decoder
    }
}
