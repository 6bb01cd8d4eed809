// SPDX-License-Identifier: Apache-2.0
// Reelwork: reading a pipeline's progress

import ReelworkCore
import ReelworkEngineKit

/// Reads what `gst-launch-1.0 -v` prints: a line for each buffer that passes the counting element,
/// and the end of the stream.
///
/// Some encoders begin at 1,000 hours, so media time counts from the earliest stamp that was seen.
struct GStreamerProgressParser: ProgressParser {
    /// The counting element's name.
    static let element = "progress"
    /// The name of the element that counts what the encoder is given.
    static let givenElement = "given"

    private(set) var last: EngineProgress?
    private var lines = LineSplitter()
    private var first: Duration?
    private var end: Duration?

    init() {}

    mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? {
        var complete: [[UInt8]] = []
        lines.consume(bytes) { complete.append($0) }
        var isNew = false
        for line in complete where read(line) { isNew = true }
        return isNew ? last : nil
    }

    private static let path = Array("/GstPipeline:pipeline0/GstIdentity:".utf8)
    private static let mark = Array("\(element): last-message = chain ".utf8)
    private static let givenMark = Array("\(givenElement): last-message = chain ".utf8)
    private static let endMark = Array("Got EOS from element ".utf8)

    /// Reads a line; true where it says something new.
    private mutating func read(_ line: [UInt8]) -> Bool {
        if line.starts(with: Self.endMark) {
            var state = last ?? EngineProgress(frames: 0)
            state.isEnd = true
            last = state
            return true
        }
        let message = Self.message(of: line)
        var state = last ?? EngineProgress(frames: 0, bytes: 0)
        if message.starts(with: Self.givenMark) {
            state.framesGiven = (state.framesGiven ?? 0) + 1
            last = state
            return false
        }
        guard message.starts(with: Self.mark) else { return false }
        let words = message.dropFirst(Self.mark.count).split(separator: UInt8(ascii: " "))
        state.frames = (state.frames ?? 0) + 1
        if let size = Self.word(before: "bytes,", in: words) {
            let count = WholeNumber.parse(size.drop { $0 == UInt8(ascii: "(") }) ?? 0
            let (sum, isOver) = (state.bytes ?? 0).addingReportingOverflow(count)
            state.bytes = isOver ? .max : sum
        }
        let stamp = Self.time(after: "pts:", in: words) ?? Self.time(after: "dts:", in: words)
        if let stamp {
            let ends = stamp + (Self.time(after: "duration:", in: words) ?? .zero)
            let (first, end) = (min(first ?? stamp, stamp), max(end ?? ends, ends))
            self.first = first
            self.end = end
            state.media = end - first
        }
        last = state
        return true
    }

    /// The element's name and what follows it; empty where the line does not begin as one.
    private static func message(of line: [UInt8]) -> ArraySlice<UInt8> {
        line.starts(with: path) ? line.dropFirst(path.count) : []
    }

    private typealias Word = ArraySlice<UInt8>

    private static func word(before mark: String, in words: [Word]) -> Word? {
        guard let index = words.firstIndex(where: { $0.elementsEqual(mark.utf8) }), index > 0
        else { return nil }
        return words[index - 1]
    }

    private static func time(after mark: String, in words: [Word]) -> Duration? {
        guard let index = words.firstIndex(where: { $0.elementsEqual(mark.utf8) }),
            index + 1 < words.count
        else { return nil }
        return DecimalNumber.clock(words[index + 1].prefix { $0 != UInt8(ascii: ",") })
    }
}
