// SPDX-License-Identifier: Apache-2.0
// Reelwork: an attempt taken back

/// An attempt that the scheduler takes back (an item of the wire's REVOKE).
public struct Revocation: Hashable, Sendable {
    /// The job.
    public var number: JobNumber
    /// The attempt.
    public var attempt: AttemptNumber
    /// Why.
    public var because: OpenEnum<RevokeReason>
    /// How long the encoder may take to end by itself; zero = kill it now.
    public var grace: Duration

    /// Makes a revocation.
    public init(
        number: JobNumber,
        attempt: AttemptNumber,
        because: OpenEnum<RevokeReason>,
        grace: Duration = .zero
    ) {
        self.number = number
        self.attempt = attempt
        self.because = because
        self.grace = grace
    }
}
