// SPDX-License-Identifier: Apache-2.0
// Reelwork: metrics in Prometheus' text format

import ReelworkClient

/// Metrics in Prometheus' text format, version 0.0.4: a `# TYPE` line, then the samples, of each.
enum PrometheusText {
    /// The lines; samples of one metric stand together, in the order of their coming.
    static func lines(_ samples: [MetricSample]) -> [String] {
        var order: [String] = []
        var groups: [String: [MetricSample]] = [:]
        let histograms = Set(
            samples.filter { $0.name.hasSuffix("_bucket") }.map { String($0.name.dropLast(7)) }
        )
        for sample in samples {
            let family = family(of: sample.name, histograms)
            if groups[family] == nil { order.append(family) }
            groups[family, default: []].append(sample)
        }
        return order.flatMap { family in
            ["# TYPE \(family) \(kind(family, histograms))"] + (groups[family] ?? []).map(\.line)
        }
    }

    private static func family(of name: String, _ histograms: Set<String>) -> String {
        for ending in ["_bucket", "_sum", "_count"] where name.hasSuffix(ending) {
            let family = String(name.dropLast(ending.count))
            if histograms.contains(family) { return family }
        }
        return name
    }

    private static func kind(_ family: String, _ histograms: Set<String>) -> String {
        if histograms.contains(family) { return "histogram" }
        return family.hasSuffix("_total") ? "counter" : "gauge"
    }
}
