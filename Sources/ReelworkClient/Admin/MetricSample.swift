// SPDX-License-Identifier: Apache-2.0
// Reelwork: one number that the scheduler keeps.

public import ReelworkCore

/// One number that the scheduler keeps.
public struct MetricSample: Hashable, Sendable {
    /// Its name, such as `reelwork_jobs`.
    public var name: String
    /// What tells it from others of its name.
    public var labels: [Label]
    /// The number.
    public var value: Double

    /// Makes a sample.
    public init(name: String, labels: [Label], value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }

    /// The line of it in Prometheus' text format, without the line's end.
    public var line: String {
        guard !labels.isEmpty else { return "\(name) \(number)" }
        let pairs = labels.map { "\($0.name)=\"\(MetricSample.escaped($0.value))\"" }
        return "\(name){\(pairs.joined(separator: ","))} \(number)"
    }

    private var number: String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
