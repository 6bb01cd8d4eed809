// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a pipeline stops

import ReelworkCore
import ReelworkEngineKit

/// Where a pipeline stops that encodes only the beginning of a film.
///
/// `gst-launch-1.0` cannot seek, so frames and pieces of sound are counted: `videorate` makes the
/// picture even and `audiobuffersplit` the sound, both from the film's beginning. `identity
/// eos-after=N` answers its N-th buffer with the end of the stream, once, and lets later ones pass.
/// The queue before it then drops all that it holds and takes no more, but for the one buffer that
/// waited for room in it; that one the second `identity` stops. The demuxer ends when all its
/// streams have, so no more of the input is read.
struct PipelineCut {
    /// The rate at which the frames are counted.
    let rate: FrameRate
    /// How many frames are kept at the most: those that begin before the end.
    let frames: UInt64
    /// How many hundredths of a second of sound are kept at the most.
    private let pieces: UInt64

    /// Makes a cut; nil where the whole film is kept.
    ///
    /// - Throws: an error of the user where neither the job nor the film says how many frames a
    ///   second to count.
    init?(_ parameters: EncodeParameters, media: MediaInfo) throws(EngineFailure) {
        guard let limit = parameters.duration else { return nil }
        if let plays = RunLimit.plausible(media.duration), limit >= plays { return nil }
        let own = media.video?.frameRate.flatMap { $0.perSecond <= Self.rateMax ? $0 : nil }
        guard let rate = parameters.frameRate ?? own else {
            throw EngineFailure(
                failureClass: .userError,
                message: "the input does not say its frames a second, which duration counts by",
                advice: "give fps too, or use another engine"
            )
        }
        self.rate = rate
        frames = min(rate.framesBegun(within: limit), Self.countMax)
        pieces = min(FrameRate(100)?.framesBegun(within: limit) ?? Self.countMax, Self.countMax)
    }

    private static let rateMax = Double(FrameRate.rateMax)

    /// What `eos-after` can count, less the one that it stops at.
    private static let countMax = UInt64(Int32.max) - 1

    /// What follows the frames.
    var picture: String { Self.stop(after: frames) }

    /// What follows the sound.
    var sound: String {
        "audiorate ! audiobuffersplit output-buffer-duration=1/100 ! " + Self.stop(after: pieces)
    }

    private static func stop(after count: UInt64) -> String {
        let stop = "identity eos-after=\(count + 1)"
        return "queue ! \(stop) ! \(stop)"
    }
}
