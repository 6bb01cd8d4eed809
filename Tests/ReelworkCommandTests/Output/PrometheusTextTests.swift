// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of metrics as text

import ReelworkClient
import ReelworkCore
import Testing

@testable import reelwork

// Goal: a Prometheus server reads the metrics, whatever stands in a label. Method: samples in,
// lines compared. Security checklist 15 (forged metrics).
struct PrometheusTextTests {
    private func sample(_ name: String, _ value: Double, _ labels: [Label] = []) -> MetricSample {
        MetricSample(name: name, labels: labels, value: value)
    }

    @Test func groupsSamplesAndSaysWhatTheyMean() {
        let lines = PrometheusText.lines([
            sample("reelwork_jobs", 1, [Label(name: "state", value: "a\"b\\c\nd")]),
            sample("reelwork_moves_total", 2),
            sample(
                "reelwork_commit_duration_seconds_bucket",
                1,
                [Label(name: "le", value: "+Inf")]
            ),
            sample("reelwork_jobs", 3),
            sample("reelwork_commit_duration_seconds_sum", 0.5),
            sample("reelwork_commit_duration_seconds_count", 1),
        ])
        #expect(
            lines == [
                "# HELP reelwork_jobs Jobs that are not at their end, by state.",
                "# TYPE reelwork_jobs gauge", #"reelwork_jobs{state="a\"b\\c\nd"} 1"#,
                "reelwork_jobs 3", "# HELP reelwork_moves_total Moves made since the start.",
                "# TYPE reelwork_moves_total counter", "reelwork_moves_total 2",
                "# HELP reelwork_commit_duration_seconds How long transactions took.",
                "# TYPE reelwork_commit_duration_seconds histogram",
                #"reelwork_commit_duration_seconds_bucket{le="+Inf"} 1"#,
                "reelwork_commit_duration_seconds_sum 0.5",
                "reelwork_commit_duration_seconds_count 1",
            ]
        )
    }

    // A label's value ends neither itself nor its line: only these three characters could.
    @Test(arguments: [
        ("\n", #"\n"#), ("\"", #"\""#), ("\\", #"\\"#), ("\\\"", #"\\\""#),
        ("\"} 1\nforged{a=\"", #"\"} 1\nforged{a=\""#), ("\r", "\r"), ("\u{1B}[31m", "\u{1B}[31m"),
    ])
    func aLabelEndsOnlyWhereItShould(value: String, written: String) {
        let lines = PrometheusText.lines([
            sample("reelwork_jobs", 1, [Label(name: "state", value: value)])
        ])
        #expect(lines.last == "reelwork_jobs{state=\"\(written)\"} 1")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { !$0.utf8.contains(0x0A) })
    }

    // A scheduler that is newer than this program.
    @Test func whatIsUnknownHasAKindAndWordsToo() {
        let lines = PrometheusText.lines([
            sample("a_total", 2), sample("a_seconds_bucket", 1), sample("a_size", 1),
        ])
        #expect(
            lines.filter { $0.hasPrefix("# TYPE") } == [
                "# TYPE a_total counter", "# TYPE a_seconds histogram", "# TYPE a_size gauge",
            ]
        )
        #expect(lines.filter { $0.hasPrefix("# HELP a_") }.count == 3)
    }
}
