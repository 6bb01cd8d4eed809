// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far an encode has come

/// How far an encode has come, as its worker last said.
///
/// Not durable.
public struct JobProgress: Hashable, Sendable {
    /// What an attempt does.
    public enum Phase: UInt8, CaseIterable, Hashable, Sendable {
        /// The encoder runs.
        case encoding = 1
        /// The encoder has ended, and its film is probed.
        case verifying = 2
        /// The film is on disk and waits for its grant and its move.
        case publishing = 3
    }

    /// The job.
    public var number: JobNumber
    /// The attempt that runs.
    public var attempt: AttemptNumber
    /// The media time written so far.
    public var media: Duration
    /// The share done, 0 to 1,000; nil where the length is not known.
    public var permille: UInt32?
    /// Speed against real time, in thousandths.
    public var speedMilli: UInt64?
    /// Frames a second, in thousandths.
    public var framesPerSecondMilli: UInt64?
    /// Bytes written so far.
    public var bytes: UInt64?
    /// How long it will still take.
    public var remaining: Duration?
    /// What the attempt does; nil = it encodes, or its worker does not say.
    public var phase: OpenEnum<Phase>?

    /// Makes a progress note.
    public init(
        number: JobNumber,
        attempt: AttemptNumber,
        media: Duration,
        permille: UInt32? = nil,
        speedMilli: UInt64? = nil,
        framesPerSecondMilli: UInt64? = nil,
        bytes: UInt64? = nil,
        remaining: Duration? = nil,
        phase: OpenEnum<Phase>? = nil
    ) {
        self.number = number
        self.attempt = attempt
        self.media = media
        self.permille = permille
        self.speedMilli = speedMilli
        self.framesPerSecondMilli = framesPerSecondMilli
        self.bytes = bytes
        self.remaining = remaining
        self.phase = phase
    }
}
