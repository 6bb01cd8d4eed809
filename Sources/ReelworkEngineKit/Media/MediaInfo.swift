// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a media file is

/// What a media file is, as far as a program told.
public struct MediaInfo: Hashable, Sendable {
    /// How long it plays; nil where that is not known.
    public var duration: Duration?
    /// The container as the program named it.
    public var container: String
    /// Its streams, in the file's order.
    public var streams: [MediaStream]

    /// Makes an info.
    public init(duration: Duration?, container: String, streams: [MediaStream]) {
        self.duration = duration
        self.container = container
        self.streams = streams
    }

    /// The first moving picture.
    public var video: MediaStream? { streams.first { $0.kind == .video } }

    /// The first sound.
    public var audio: MediaStream? { streams.first { $0.kind == .audio } }
}
