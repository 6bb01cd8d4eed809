// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an event was refused

/// Why ``JobMachine`` refused an event.
///
/// Nothing has changed.
public enum JobRefusal: Error, Hashable, Sendable {
    /// The table has no such move.
    case illegalMove(from: JobState, to: JobState)
    /// The report is of an attempt that is not the job's current one, or the job is not held.
    case staleAttempt(current: AttemptNumber)
    /// A cancel came while the job's film may be on its way to its place.
    case publishing
    /// `finished` came without a grant.
    case grantRequired

    /// What happened, with both states and the legal ones, for people.
    public var explanation: String {
        switch self {
        case .illegalMove(let from, let to):
            let legal = from.successors.map(\.name).joined(separator: ", ")
            return from.isTerminal
                ? "the job is \(from.name), which is final; it cannot become \(to.name)"
                : "a job that is \(from.name) cannot become \(to.name) (legal: \(legal))"
        case .staleAttempt(let current):
            return "that attempt no longer holds the job (current attempt: \(current))"
        case .publishing:
            return "the job is being published; ask again in a few seconds"
        case .grantRequired:
            return "the attempt has no grant to publish; report ready first"
        }
    }
}
