// SPDX-License-Identifier: Apache-2.0
// Reelwork: the three priorities

/// A job's priority within its queue.
public enum JobPriority: UInt8, CaseIterable, Hashable, Sendable {
    /// Before the others of its queue.
    case high = 1
    /// Where nothing is said.
    case medium = 2
    /// After the others of its queue.
    case low = 3

    /// The name in JSON and on the command line.
    public var name: String {
        switch self {
        case .high: "high"
        case .medium: "medium"
        case .low: "low"
        }
    }

    /// Reads a priority's name.
    public init?(name: String) {
        let known = JobPriority.allCases.first(where: { $0.name == name })
        guard let known else { return nil }
        self = known
    }

    /// Low 0, medium 1, high 2.
    public var weight: Int64 {
        switch self {
        case .high: 2
        case .medium: 1
        case .low: 0
        }
    }
}
