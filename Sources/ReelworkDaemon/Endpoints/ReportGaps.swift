// SPDX-License-Identifier: Apache-2.0
// Reelwork: senseless items of a report

import ReelworkCore
import ReelworkScheduling
import Synchronization

/// Senseless items of a report: the scheduler never sees them, and their answers are put back into
/// their places when the others come.
final class ReportGaps: Sendable {
    /// One item's answer.
    struct Gap: Sendable {
        var index: Int
        var result: ItemResult
    }

    private let gaps = Mutex<[RequestTag: [Gap]]>([:])

    /// Keeps the answers of a report's senseless items, in rising order.
    func put(_ tag: RequestTag, _ items: [Gap]) {
        guard !items.isEmpty else { return }
        gaps.withLock { $0[tag] = items }
    }

    /// All answers of a report, in the order of its items.
    func fill(_ tag: RequestTag, _ results: [ItemResult]) -> [ItemResult] {
        let items = gaps.withLock { $0.isEmpty ? nil : $0.removeValue(forKey: tag) }
        guard let items else { return results }
        var all = results
        for gap in items { all.insert(gap.result, at: min(gap.index, all.count)) }
        return all
    }

    /// Forgets a connection's.
    func closed(_ connection: UInt64) {
        gaps.withLock { gaps in
            gaps = gaps.filter { $0.key.connection != connection }
        }
    }
}
