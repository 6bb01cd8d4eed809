// SPDX-License-Identifier: Apache-2.0
// Reelwork: an encoder of sound

/// An encoder of sound, by the name that the engine gives it.
public struct AudioEncoder: Hashable, Sendable {
    /// The engine's name for it, such as `aac`.
    public var name: String
    /// What it makes.
    public var codec: AudioCodec

    /// Makes an encoder.
    public init(name: String, codec: AudioCodec) {
        self.name = name
        self.codec = codec
    }
}
