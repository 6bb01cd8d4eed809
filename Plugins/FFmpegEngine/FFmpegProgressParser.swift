// SPDX-License-Identifier: Apache-2.0
// Reelwork: reading ffmpeg's progress

import ReelworkCore
import ReelworkEngineKit

/// Reads what `ffmpeg -progress` prints: lines `key=value` in blocks that end with `progress=`.
struct FFmpegProgressParser: ProgressParser {
    private(set) var last: EngineProgress?
    private var lines = LineSplitter()
    private var block = EngineProgress()

    init() {}

    mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? {
        var block = self.block
        var newest: EngineProgress?
        lines.consume(bytes) { line in
            if Self.read(line, into: &block) {
                newest = block
                // What a block leaves out is no longer known to be so, but what was counted stays.
                block.speedMilli = nil
                block.framesPerSecondMilli = nil
            }
        }
        self.block = block
        if let newest { last = newest }
        return newest
    }

    /// Reads a line; true where it ends a block.
    private static func read(_ line: [UInt8], into block: inout EngineProgress) -> Bool {
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let key = String(decoding: line[..<equals], as: UTF8.self)
        let value = line[line.index(after: equals)...].drop { $0 == UInt8(ascii: " ") }
        switch key {
        case "frame": block.frames = WholeNumber.parse(value) ?? block.frames
        case "fps":
            block.framesPerSecondMilli = DecimalNumber.parse(
                value,
                fractionDigits: 3,
                isCutting: true
            )
        case "total_size": block.bytes = WholeNumber.parse(value) ?? block.bytes
        case "out_time_us":
            // It is negative or N/A before the first frame.
            if let micros = WholeNumber.parse(value), let signed = Int64(exactly: micros) {
                block.media = .microseconds(signed)
            }
        case "speed":
            block.speedMilli = DecimalNumber.parse(
                value.prefix { $0 != UInt8(ascii: "x") },
                fractionDigits: 3,
                isCutting: true
            )
        case "progress":
            block.isEnd = block.isEnd || value.elementsEqual("end".utf8)
            return true
        default: break
        }
        return false
    }
}
