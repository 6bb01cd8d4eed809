// SPDX-License-Identifier: Apache-2.0
// Reelwork: metrics in Prometheus' text format

import ReelworkClient
import ReelworkTelemetry

/// Metrics in Prometheus' text format, version 0.0.4: a `# HELP` line, a `# TYPE` line, then the
/// samples, of each.
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
            head(family, histograms) + (groups[family] ?? []).map(\.line)
        }
    }

    /// What is said before the samples; a scheduler that is newer may have metrics of its own.
    private static func head(_ family: String, _ histograms: Set<String>) -> [String] {
        if let entry = MetricCatalogue.entry(family) {
            return [
                "# HELP \(family) \(escaped(entry.help))",
                "# TYPE \(family) \(entry.kind.rawValue)",
            ]
        }
        let kind: MetricCatalogue.Kind =
            histograms.contains(family)
            ? .histogram : family.hasSuffix("_total") ? .counter : .gauge
        return [
            "# HELP \(family) A metric that this version of the program has no words for.",
            "# TYPE \(family) \(kind.rawValue)",
        ]
    }

    /// Backslash and line feed are escaped in help texts.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func family(of name: String, _ histograms: Set<String>) -> String {
        for ending in ["_bucket", "_sum", "_count"] where name.hasSuffix(ending) {
            let family = String(name.dropLast(ending.count))
            if histograms.contains(family) { return family }
        }
        return name
    }
}
