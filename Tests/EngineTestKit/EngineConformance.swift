// SPDX-License-Identifier: Apache-2.0
// Reelwork: the suite that every adapter must pass

public import ReelworkCore
public import ReelworkEngineKit

/// The suite that every adapter for films must pass: one for all engines.
///
/// ``plainRules`` start no program; ``filmRules`` and ``hostileRules`` run the real ones and need
/// `ffmpeg` and `ffprobe` to make and count films. An adapter's own tests hold only what is its
/// own: its command lines, its log's words, its timeout.
public struct EngineConformance: Sendable {
    /// A kind of film that the engine says it makes.
    public struct Encode: Sendable {
        /// The output's ending.
        public var ending: String
        /// The job's parameters.
        public var parameters: [String: String]

        /// Makes an encode.
        public init(_ ending: String, _ parameters: [String: String]) {
            self.ending = ending
            self.parameters = parameters
        }
    }

    /// The adapter that is tried.
    public var engine: any EngineAdapter
    /// What its inspection printed of a whole film with picture and sound; the seed of garbage.
    public var inspection: String
    /// What its encode printed to the end of a film; the seed of garbage.
    public var progress: String
    /// Frames by which its output may differ.
    public var framesApart: UInt64
    /// The kinds of films that it makes; each is made once.
    public var encodes: [Encode]
    /// Whether a program that hangs on an input that the inspection refuses is borne.
    public var mayHangOnGarbage: Bool

    /// What comes of hostile inputs where it is not what comes of them elsewhere, by their names.
    public var exceptions: [String: HostileInput.Outcome]

    /// Makes the suite for an adapter.
    public init(
        _ engine: any EngineAdapter,
        inspection: String,
        progress: String,
        framesApart: UInt64 = 0,
        encodes: [Encode],
        mayHangOnGarbage: Bool = false,
        exceptions: [String: HostileInput.Outcome] = [:]
    ) {
        self.engine = engine
        self.inspection = inspection
        self.progress = progress
        self.framesApart = framesApart
        self.encodes = encodes
        self.mayHangOnGarbage = mayHangOnGarbage
        self.exceptions = exceptions
    }

    /// All rules that start no program.
    public var plainRules: [EngineRule] {
        [
            noTextReachesACommand, valuesOutsideAreRefused, streamsAreRefused,
            soundAloneIsAnInputError, limitsAreBounded, endsAreClassified, nothingProvesNothing,
            plansAreBounded, garbageNeverTraps, progressIsTheSameHoweverCut, parsersAreBounded,
            exceptionsAreKnown,
        ]
    }

    /// All rules that run the real programs.
    public var filmRules: [EngineRule] {
        [
            probeProvesAll, sizeRateAndBitrateAreKept, qualityCounts, missingInput, lockedInput,
            fullDisk,
        ] + endings + kinds + cuts + names + listings + truncations
    }

    /// All rules about inputs that are hard to encode or cannot be.
    public var hostileRules: [EngineRule] { hostileInputs }

    /// A film as an inspection may find it: 5.312 s, 25 frames a second, sound.
    public static let media = MediaInfo(
        duration: .milliseconds(5_312),
        container: "mp4",
        streams: [
            MediaStream(
                kind: .video,
                codec: "h264",
                resolution: Resolution(width: 1_280, height: 720),
                frameRate: FrameRate(25),
                frames: 132,
                duration: .milliseconds(5_280)
            ),
            MediaStream(kind: .audio, codec: "aac", duration: .milliseconds(5_312)),
        ]
    )

    /// A job for the engine.
    public func job(
        _ parameters: [String: String] = [:],
        from input: String = "/i.mp4",
        to output: String = "/o.mp4"
    ) -> JobSpec {
        JobSpec(
            engine: engine.name,
            input: input,
            output: output,
            parameters: parameters.map { Parameter(key: $0.key, value: $0.value) }
        )
    }

    /// Whether the engine knows a parameter.
    func knows(_ parameter: CommonParameter) -> Bool {
        engine.about.parameters.contains { $0.name == parameter.rawValue }
    }
}
