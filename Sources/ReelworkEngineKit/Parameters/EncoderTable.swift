// SPDX-License-Identifier: Apache-2.0
// Reelwork: what an engine can encode

/// What an engine can encode: the table against which common parameters are read.
public struct EncoderTable: Hashable, Sendable {
    /// The engine's name, for messages.
    public var engine: String
    /// Its video encoders; the first of a codec is the one that the codec's name chooses.
    public var video: [VideoEncoder]
    /// Its audio encoders; the first of a codec is the one that the codec's name chooses.
    public var audio: [AudioEncoder]
    /// Whether it can copy a video stream as it is.
    public var canCopyVideo: Bool
    /// Whether it can copy an audio stream as it is.
    public var canCopyAudio: Bool
    /// Whether it can stop after a duration, to the frame.
    public var canCut: Bool

    /// Makes a table.
    public init(
        engine: String,
        video: [VideoEncoder],
        audio: [AudioEncoder],
        canCopyVideo: Bool,
        canCopyAudio: Bool,
        canCut: Bool
    ) {
        self.engine = engine
        self.video = video
        self.audio = audio
        self.canCopyVideo = canCopyVideo
        self.canCopyAudio = canCopyAudio
        self.canCut = canCut
    }

    /// The encoder that a codec's name, an alias of it or its own name chooses.
    public func videoEncoder(_ word: String) -> VideoEncoder? {
        video.first { $0.codec.rawValue == word || $0.codec.aliases.contains(word) }
            ?? video.first { $0.name == word }
    }

    /// The encoder that a codec's name or its own name chooses.
    public func audioEncoder(_ word: String) -> AudioEncoder? {
        audio.first { $0.codec.rawValue == word } ?? audio.first { $0.name == word }
    }

    /// The words that `codec` takes.
    public var videoWords: [String] {
        unique(video.map(\.codec.rawValue) + video.map(\.name)) + (canCopyVideo ? ["copy"] : [])
    }

    /// The words that `audio` takes.
    public var audioWords: [String] {
        unique(audio.map(\.codec.rawValue) + audio.map(\.name))
            + (canCopyAudio ? ["copy"] : []) + ["none"]
    }

    /// Every encoder's name, for a probe.
    public var encoderNames: [String] { unique(video.map(\.name) + audio.map(\.name)) }

    /// What the common parameters are with this engine, for ``EngineDescription/parameters``.
    public var parameterDescriptions: [ParameterDescription] {
        CommonParameter.allCases.filter { $0 != .duration || canCut }.map { parameter in
            ParameterDescription(
                name: parameter.rawValue,
                kind: parameter.kind(in: self),
                defaultText: parameter.defaultText,
                summary: parameter.summary
            )
        }
    }

    private func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}
