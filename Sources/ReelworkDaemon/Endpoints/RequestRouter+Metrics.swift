// SPDX-License-Identifier: Apache-2.0
// Reelwork: the answer to METRICS

import ReelworkCore
import ReelworkRPC
import ReelworkScheduling
import ReelworkSystem
import ReelworkWire

extension RequestRouter {
    /// Answers with the scheduler's figures and the daemon's own, those whose names begin with
    /// `prefix`.
    func answer(
        _ tag: RequestTag,
        _ metrics: SchedulerMetrics,
        prefix: String,
        logLinesDropped: UInt64
    ) {
        var samples = MetricSamples()
        samples.add(metrics)
        samples.add(loops.all)
        let commits = statistics.commits
        samples.add("commits_total", Double(commits.count))
        samples.add("commit_moves_total", Double(commits.moves))
        samples.add("commit_duration_seconds", statistics.commitTime)
        samples.add("connections", Double(peerCount))
        samples.add("inbox_letters", Double(inbox.count))
        samples.add("read_only", gate.isShut ? 1 : 0)
        samples.add("log_lines_dropped_total", Double(logLinesDropped))
        samples.add("start_timestamp_seconds", statistics.startedAt.seconds)
        for (method, count) in statistics.requests {
            samples.add(
                "requests_total",
                Double(count),
                [Label(name: "method", value: method.name.lowercased())]
            )
        }
        let chosen = samples.samples.filter { $0.name.hasPrefix(prefix) }
        deliver([
            .response(
                Metrics.self,
                Metrics.Response(at: SystemClock.wall(), samples: chosen),
                to: RPCConnectionID(rawValue: tag.connection),
                request: tag.request
            )
        ])
    }
}

extension Timestamp {
    /// As Prometheus counts: seconds since 1970.
    var seconds: Double { Double(milliseconds) / 1000 }
}
