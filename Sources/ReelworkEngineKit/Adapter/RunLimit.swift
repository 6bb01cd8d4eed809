// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long a run may take

public import ReelworkCore

/// How long a run may take.
public struct RunLimit: Hashable, Sendable {
    /// The time from the start; at most `Limits.horizonMax`.
    public var limit: Duration
    /// Whether it is the submitter's own limit, which is never extended.
    public var isHard: Bool

    /// Makes a limit, held between nothing and `Limits.horizonMax`.
    public init(limit: Duration, isHard: Bool) {
        self.limit = min(max(limit, .zero), Limits.horizonMax)
        self.isHard = isHard
    }

    /// The submitter's hard limit where there is one, else the engine's own.
    public init(_ job: JobSpec, engineLimit: Duration) {
        if let timeout = job.timeout {
            self.init(limit: timeout, isHard: true)
        } else {
            self.init(limit: engineLimit, isHard: false)
        }
    }

    /// A duration as limits count with it: nil where it is unknown or makes no sense.
    public static func plausible(_ duration: Duration?) -> Duration? {
        guard let duration, duration > .zero, duration <= Limits.horizonMax else { return nil }
        return duration
    }

    /// How much of a film a job encodes: what the common parameter `duration` asks for, and at most
    /// all of it.
    public static func kept(of whole: Duration, by job: JobSpec) -> Duration {
        let cut = job.parameter(CommonParameter.duration.rawValue)
            .flatMap(EncodeParameters.duration)
        return cut.map { min($0, whole) } ?? whole
    }
}
