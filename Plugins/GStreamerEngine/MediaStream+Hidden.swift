// SPDX-License-Identifier: Apache-2.0
// Reelwork: tracks that GStreamer does not read

import ReelworkCore
import ReelworkEngineKit

extension MediaStream {
    /// What stands for the codec of a track that is not read.
    private static let hiddenCodec = "hidden"

    /// A track that `qtdemux` found and does not read.
    static func hidden(_ duration: Duration) -> MediaStream {
        MediaStream(kind: .other, codec: hiddenCodec, duration: duration)
    }

    /// Whether `qtdemux` found it and does not read it.
    var isHidden: Bool { kind == .other && codec == Self.hiddenCodec }
}
