// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long things took

import Synchronization

/// How long things took, in buckets that Prometheus can add up over machines.
///
/// The bounds double from 50 µs to 26 s: one bucket more or less is a factor of two, which is what
/// a person looks for in a latency.
package final class LatencyHistogram: Sendable {
    /// One bucket: what took at most `bound` seconds.
    package struct Bucket: Hashable, Sendable {
        /// The upper bound in seconds, as Prometheus writes it.
        package var bound: String
        /// How many took no longer.
        package var count: UInt64
    }

    /// All of it at one moment.
    package struct Snapshot: Hashable, Sendable {
        /// Cumulative buckets, the last one without a bound.
        package var buckets: [Bucket]
        /// The sum of all durations in seconds.
        package var sum: Double
        /// How many there were.
        package var count: UInt64
    }

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private static let bounds: [Double] = (0..<20).map { 0.000_05 * Double(1 << $0) }
    private let state: Mutex<State>

    /// Makes an empty histogram.
    package init() {
        state = Mutex(State(counts: Array(repeating: 0, count: LatencyHistogram.bounds.count + 1)))
    }

    /// Counts a duration.
    package func record(_ duration: Duration) {
        let parts = duration.components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        let place =
            LatencyHistogram.bounds.firstIndex { seconds <= $0 } ?? LatencyHistogram.bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += seconds
        }
    }

    /// All of it now.
    package var snapshot: Snapshot {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        var buckets: [Bucket] = []
        for (place, count) in counts.enumerated() {
            total += count
            let bound =
                place < LatencyHistogram.bounds.count
                ? "\(LatencyHistogram.bounds[place])" : "+Inf"
            buckets.append(Bucket(bound: bound, count: total))
        }
        return Snapshot(buckets: buckets, sum: sum, count: total)
    }
}
