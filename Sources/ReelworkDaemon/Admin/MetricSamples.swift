// SPDX-License-Identifier: Apache-2.0
// Reelwork: figures as samples

import ReelworkCore
import ReelworkScheduling
import ReelworkTelemetry
import ReelworkWire

/// Figures as samples (requirements, R9): names end in their unit, counters in `_total`.
struct MetricSamples {
    private(set) var samples: [Metrics.Sample] = []

    /// Adds one figure.
    mutating func add(_ name: String, _ value: Double, _ labels: [Label] = []) {
        samples.append(Metrics.Sample(name: "reelwork_" + name, labels: labels, value: value))
    }

    /// Adds what the scheduler knows.
    mutating func add(_ metrics: SchedulerMetrics) {
        for state in JobState.allCases where !state.isTerminal && state != .timedOut {
            add(
                "jobs",
                Double(metrics.count(state)),
                [Label(name: "state", value: state.name)]
            )
        }
        add("queue_depth", Double(metrics.count(.queued)))
        for queue in JobQueue.allCases {
            add(
                "queue_paused",
                metrics.queuesPaused.contains(queue) ? 1 : 0,
                [Label(name: "queue", value: queue.name)]
            )
        }
        add("jobs_submitted_total", Double(metrics.submitted))
        for state in [JobState.completed, .failed, .canceled, .rejected] {
            add(
                "jobs_ended_total",
                Double(metrics.count(state)),
                [Label(name: "state", value: state.name)]
            )
        }
        add("assignment_attempts_total", Double(metrics.assignmentAttempts))
        add("assignment_successes_total", Double(metrics.assignmentSuccesses))
        add("assignment_failures_total", Double(metrics.assignmentFailures))
        add("retries_total", Double(metrics.retries))
        add("timeouts_total", Double(metrics.timeouts))
        add("orphans_found_total", Double(metrics.orphansFound))
        add("worker_failures_total", Double(metrics.workerFailures))
        add("stale_reports_total", Double(metrics.staleReports))
        add("moves_total", Double(metrics.moves))
        for (state, count) in [
            (WorkerState.alive, metrics.workersAlive), (.suspect, metrics.workersSuspect),
            (.dead, metrics.workersDead),
        ] {
            add("workers", Double(count), [Label(name: "state", value: state.name)])
        }
        add("workers_cordoned", Double(metrics.workersCordoned))
        add("jobs_quarantined_total", Double(metrics.quarantined))
    }

    /// Adds the loops' records.
    mutating func add(_ loops: [(loop: SchedulerSweep, record: LoopBoard.Record)]) {
        for (loop, record) in loops {
            let label = [Label(name: "loop", value: loop.name)]
            add("loop_runs_total", Double(record.runs), label)
            add("loop_errors_total", Double(record.errors), label)
            add("loop_running", record.isRunning ? 1 : 0, label)
            add("loop_last_run_timestamp_seconds", record.lastAt.seconds, label)
            add("loop_last_duration_seconds", record.lastDuration.seconds, label)
        }
    }

    /// Adds a histogram as Prometheus has it.
    mutating func add(_ name: String, _ histogram: LatencyHistogram) {
        let snapshot = histogram.snapshot
        for bucket in snapshot.buckets {
            add(
                name + "_bucket",
                Double(bucket.count),
                [Label(name: "le", value: bucket.bound)]
            )
        }
        add(name + "_sum", snapshot.sum)
        add(name + "_count", Double(snapshot.count))
    }
}
