// SPDX-License-Identifier: Apache-2.0
// Reelwork: the three queues

/// The queue that a job was submitted to; it weighs three priorities (requirements, R6).
public enum JobQueue: UInt8, CaseIterable, Hashable, Sendable {
    /// For streams that people wait for.
    case live = 1
    /// Where nothing is said.
    case standard = 2
    /// What may wait.
    case batch = 3

    /// The name in JSON and on the command line: live, default, batch.
    public var name: String {
        switch self {
        case .live: "live"
        case .standard: "default"
        case .batch: "batch"
        }
    }

    /// Reads a queue's name.
    public init?(name: String) {
        guard let queue = JobQueue.allCases.first(where: { $0.name == name }) else { return nil }
        self = queue
    }

    /// Batch 0, default 1, live 2.
    public var weight: Int64 {
        switch self {
        case .live: 2
        case .standard: 1
        case .batch: 0
        }
    }
}
