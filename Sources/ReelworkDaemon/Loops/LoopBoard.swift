// SPDX-License-Identifier: Apache-2.0
// Reelwork: when the loops ran and how it went

import ReelworkCore
import ReelworkScheduling
import Synchronization

/// When the loops ran and how it went.
///
/// Each has its own record; one that fails touches no other.
final class LoopBoard: Sendable {
    /// One loop's record.
    struct Record: Sendable {
        var interval: Duration
        var isRunning = true
        var runs: UInt64 = 0
        var errors: UInt64 = 0
        var lastAt = Timestamp(milliseconds: 0)
        var lastDuration = Duration.zero
        var lastError: String?
        var nextAt: BootInstant
    }

    private let records: Mutex<[SchedulerSweep: Record]>

    init(_ intervals: LoopIntervals, now: BootInstant) {
        var records: [SchedulerSweep: Record] = [:]
        for loop in SchedulerSweep.allCases {
            let interval =
                switch loop {
                case .scheduling: intervals.scheduling
                case .health: intervals.health
                case .cleanup: intervals.cleanup
                }
            records[loop] = Record(interval: interval, nextAt: now.advanced(by: interval))
        }
        self.records = Mutex(records)
    }

    /// The loops whose turn it is, each moved on to its next turn.
    func due(now: BootInstant) -> [SchedulerSweep] {
        records.withLock { records in
            SchedulerSweep.allCases.filter { loop in
                guard let record = records[loop], record.isRunning, record.nextAt <= now else {
                    return false
                }
                records[loop]?.nextAt = now.advanced(by: record.interval)
                return true
            }
        }
    }

    /// When the next turn comes.
    var nextAt: BootInstant {
        records.withLock { records in
            SchedulerSweep.allCases.compactMap { records[$0] }.filter(\.isRunning).map(\.nextAt)
                .min() ?? .distantFuture
        }
    }

    /// Starts or stops a loop; a started one has its first turn at once.
    ///
    /// Returns whether that changed anything.
    @discardableResult
    func set(_ loop: SchedulerSweep, isRunning: Bool, now: BootInstant) -> Bool {
        records.withLock { records in
            guard records[loop]?.isRunning != isRunning else { return false }
            records[loop]?.isRunning = isRunning
            records[loop]?.nextAt = now
            return true
        }
    }

    /// Notes that a loop ran, and what it found that should not have been.
    func ran(_ loop: SchedulerSweep, at: Timestamp, took: Duration, error: String? = nil) {
        records.withLock { records in
            records[loop]?.runs += 1
            if let error {
                records[loop]?.errors += 1
                records[loop]?.lastError = error
            }
            records[loop]?.lastAt = at
            records[loop]?.lastDuration = took
        }
    }

    /// Every loop's record, in the order of the requirements.
    var all: [(loop: SchedulerSweep, record: Record)] {
        records.withLock { records in
            SchedulerSweep.allCases.compactMap { loop in records[loop].map { (loop, $0) } }
        }
    }
}

extension SchedulerSweep {
    /// The loop of a name; nil where there is none.
    init?(name: String) {
        guard let loop = SchedulerSweep.allCases.first(where: { $0.name == name }) else {
            return nil
        }
        self = loop
    }

    /// The loop's name at the head of its lines in the log.
    var logName: String {
        switch self {
        case .scheduling: "Scheduling"
        case .health: "Health"
        case .cleanup: "Cleanup"
        }
    }

    /// The loop's name on the wire and in metrics.
    var name: String {
        switch self {
        case .scheduling: "scheduling"
        case .health: "health"
        case .cleanup: "cleanup"
        }
    }
}
