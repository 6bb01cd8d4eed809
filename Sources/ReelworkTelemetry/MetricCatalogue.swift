// SPDX-License-Identifier: Apache-2.0
// Reelwork: what each metric means

/// What each metric means: its kind and its words, for the daemon that gives the figures and for
/// whoever writes them as text.
package enum MetricCatalogue {
    /// How a figure behaves, as Prometheus has it.
    package enum Kind: String, Sendable {
        /// Only rises; from zero again after a start.
        case counter
        /// Goes up and down.
        case gauge
        /// Buckets, a sum and a count.
        case histogram
    }

    /// One metric.
    package struct Entry: Hashable, Sendable {
        /// Its name, with `reelwork_` before it.
        package let name: String
        /// How it behaves.
        package let kind: Kind
        /// What it means, in one line.
        package let help: String

        init(_ name: String, _ kind: Kind, _ help: String) {
            self.name = "reelwork_" + name
            self.kind = kind
            self.help = help
        }
    }

    /// The metric with this name; nil where this version knows none.
    package static func entry(_ name: String) -> Entry? { byName[name] }

    private static let byName = Dictionary(
        entries.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// All metrics, in the order in which they are told.
    package static let entries: [Entry] = jobs + fleet + loops + daemon

    private static let jobs = [
        Entry("jobs", .gauge, "Jobs that are not at their end, by state."),
        Entry("queue_depth", .gauge, "Jobs that wait in queued."),
        Entry(
            "queue_paused",
            .gauge,
            "1 while nothing of the queue is assigned, else 0, by queue."
        ),
        Entry("jobs_submitted_total", .counter, "Jobs accepted since the start."),
        Entry("jobs_ended_total", .counter, "Jobs that came to their end since the start."),
        Entry(
            "assignment_attempts_total",
            .counter,
            "Times that a waiting job was offered to the fleet."
        ),
        Entry("assignment_successes_total", .counter, "Offers that found a worker."),
        Entry("assignment_failures_total", .counter, "Assignments that never started."),
        Entry("retries_total", .counter, "Moves to retrying that count as a retry."),
        Entry("timeouts_total", .counter, "Moves to timed_out."),
        Entry("moves_total", .counter, "Moves made since the start."),
    ]

    private static let fleet = [
        Entry("orphans_found_total", .counter, "Jobs taken out of dead hands."),
        Entry("worker_failures_total", .counter, "Workers that died."),
        Entry(
            "stale_reports_total",
            .counter,
            "Reports of attempts that no longer held their job."
        ),
        Entry("workers", .gauge, "Workers, by state."),
        Entry(
            "workers_cordoned",
            .gauge,
            "Workers that get nothing because they failed what others finished."
        ),
        Entry(
            "jobs_quarantined_total",
            .counter,
            "Jobs given up because agents died while they had them."
        ),
    ]

    private static let loops = [
        Entry("loop_runs_total", .counter, "Turns of each loop."),
        Entry("loop_errors_total", .counter, "Turns that failed."),
        Entry("loop_running", .gauge, "Whether the loop is started: 1, or 0."),
        Entry(
            "loop_last_run_timestamp_seconds",
            .gauge,
            "When each loop ran last, in seconds since 1970."
        ),
        Entry("loop_last_duration_seconds", .gauge, "How long the last turn took."),
    ]

    private static let daemon = [
        Entry("commits_total", .counter, "Transactions written since the start."),
        Entry("commit_moves_total", .counter, "Moves in those transactions."),
        Entry("commit_duration_seconds", .histogram, "How long transactions took."),
        Entry("connections", .gauge, "Connections that are open."),
        Entry("inbox_letters", .gauge, "Requests that wait for the scheduler."),
        Entry(
            "read_only",
            .gauge,
            "1 while the disk is full or locked and changes are refused, else 0."
        ),
        Entry(
            "log_lines_dropped_total",
            .counter,
            "Lines of the log that were dropped because nobody read them."
        ),
        Entry(
            "start_timestamp_seconds",
            .gauge,
            "When the scheduler was started, in seconds since 1970."
        ),
        Entry("requests_total", .counter, "Requests that came, by method."),
    ]
}
