// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of metrics as text

import ReelworkClient
import ReelworkCore
import Testing

@testable import reelwork

// Goal: a Prometheus server reads the metrics. Method: samples in, lines compared.
struct PrometheusTextTests {
    private func sample(_ name: String, _ value: Double, _ labels: [Label] = []) -> MetricSample {
        MetricSample(name: name, labels: labels, value: value)
    }

    @Test func groupsSamplesAndNamesTheirKinds() {
        let lines = PrometheusText.lines([
            sample("a_jobs", 1, [Label(name: "state", value: "a\"b\\c\nd")]),
            sample("a_total", 2),
            sample("a_seconds_bucket", 1, [Label(name: "le", value: "+Inf")]),
            sample("a_jobs", 3),
            sample("a_seconds_sum", 0.5),
            sample("a_seconds_count", 1),
        ])
        #expect(
            lines == [
                "# TYPE a_jobs gauge", #"a_jobs{state="a\"b\\c\nd"} 1"#, "a_jobs 3",
                "# TYPE a_total counter", "a_total 2", "# TYPE a_seconds histogram",
                #"a_seconds_bucket{le="+Inf"} 1"#, "a_seconds_sum 0.5", "a_seconds_count 1",
            ]
        )
    }
}
