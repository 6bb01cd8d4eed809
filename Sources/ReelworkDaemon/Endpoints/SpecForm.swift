// SPDX-License-Identifier: Apache-2.0
// Reelwork: whether a spec has sense for this server

import ReelworkCore

/// Whether a spec's paths have the form that a worker can use.
///
/// Existence and access are the worker's to check: the scheduler need not see the files.
enum SpecForm {
    /// What is wrong and what to do; nil where nothing is.
    static func problem(of spec: JobSpec) -> String? {
        for (field, value) in [("input", spec.input), ("output", spec.output)] {
            if let problem = problem(field, value) { return problem }
        }
        if spec.input == spec.output {
            return "input and output are the same file; choose another output"
        }
        if let timeout = spec.timeout, timeout <= .zero || timeout > Limits.horizonMax {
            return "timeout: expected more than 0 s and at most 10 years"
        }
        return nil
    }

    private static func problem(_ field: String, _ value: String) -> String? {
        if value.isEmpty { return "\(field): a path is missing" }
        if value.utf8.count > Limits.pathBytesMax {
            return "\(field): longer than \(Limits.pathBytesMax) bytes"
        }
        if value.utf8.contains(0) { return "\(field): a path cannot hold a zero byte" }
        guard value.hasPrefix("/") || value.contains("://") else {
            return "\(field): expected an absolute path, as workers run elsewhere"
        }
        return nil
    }
}
