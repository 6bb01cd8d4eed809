// SPDX-License-Identifier: Apache-2.0
// Reelwork: one place that breaks a house rule.
import Testing

/// One place that breaks a house rule.
struct Breach: Equatable, CustomStringConvertible {
    let path: String
    /// Counted from 1; 0 where the whole file is meant.
    let line: Int
    let rule: String

    var description: String { line == 0 ? "\(path): \(rule)" : "\(path):\(line): \(rule)" }
}

/// Every breach becomes a failure of its own, so that one run shows them all.
func expectNone(_ breaches: [Breach], sourceLocation: SourceLocation = #_sourceLocation) {
    for breach in breaches { Issue.record("\(breach)", sourceLocation: sourceLocation) }
}
