// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long something took, many times

import ReelworkCore

/// How long something took, many times, and what it may take at most.
struct DetectFigure {
    let name: String
    /// What R3 and the figures promise for each sample; nil where nothing is promised.
    let bound: Duration?
    private let sorted: [Duration]

    init(_ name: String, bound: Duration? = nil, _ samples: [Duration]) {
        self.name = name
        self.bound = bound
        sorted = samples.sorted()
    }

    /// Whether every sample keeps the promise.
    var isKept: Bool {
        guard let bound, let worst = sorted.last else { return true }
        return worst < bound
    }

    func show(json: Bool) {
        guard let worst = sorted.last else { return }
        let median = sorted[sorted.count / 2]
        let late = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        if json {
            let most = bound.map { ",\"bound_ms\":\(milliseconds($0))" } ?? ""
            print(
                """
                {"figure":"\(name)","samples":\(sorted.count),"median_ms":\(milliseconds(median)),\
                "p99_ms":\(milliseconds(late)),"max_ms":\(milliseconds(worst))\(most),\
                "kept":\(isKept)}
                """
            )
        } else {
            let promise = bound.map { ", promised below \($0.words)" } ?? ""
            print(
                """
                \(name): median \(milliseconds(median)) ms, p99 \(milliseconds(late)) ms, \
                most \(milliseconds(worst)) ms (\(sorted.count) times\(promise))
                """
            )
        }
    }

    private func milliseconds(_ duration: Duration) -> Double {
        (duration.seconds * 10_000).rounded() / 10
    }
}
