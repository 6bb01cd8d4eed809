// SPDX-License-Identifier: Apache-2.0
// Reelwork: what becomes of a held attempt

/// What the scheduler decides about an attempt that a registering worker holds.
public struct Verdict: Hashable, Sendable {
    /// The four verdicts.
    public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
        /// It is the job's current attempt: go on.
        case keep = 1
        /// Go on with the same process as the attempt named beside it.
        case adopt = 2
        /// It no longer counts: kill its encoder, remove its part.
        case kill = 3
        /// Its end is known: forget it.
        case done = 4
    }

    /// The verdict.
    public var kind: OpenEnum<Kind>
    /// With adopt: the attempt under which it goes on.
    public var attempt: AttemptNumber?

    /// Makes a verdict.
    public init(_ kind: OpenEnum<Kind>, attempt: AttemptNumber? = nil) {
        self.kind = kind
        self.attempt = attempt
    }
}
