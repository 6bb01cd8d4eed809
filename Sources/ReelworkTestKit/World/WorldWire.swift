// SPDX-License-Identifier: Apache-2.0
// Reelwork: what all sessions of a simulated world share

import ReelworkWire

/// What all sessions of a simulated world share: codecs, what arrived, and figures.
struct WorldWire: ~Copyable {
    var encoder = FrameEncoder()
    var inflater = Inflater()
    var deflater = Deflater()
    /// What the session at hand gives to its owner, in order.
    var arrivals: [WorldArrival] = []
    /// Frames that were read.
    var frames = 0
    /// Bytes that were read.
    var bytes = 0
    /// Frames that could not be sent, or made no sense.
    var troubles: [String] = []
}
