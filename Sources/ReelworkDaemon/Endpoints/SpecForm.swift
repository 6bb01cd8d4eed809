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
        return problem(spec.needs)
    }

    /// Needs that no worker can ever meet, or that name nothing.
    private static func problem(_ needs: [ResourceAmount]) -> String? {
        for need in needs {
            let bytes = need.name.utf8.count
            guard (1...Limits.resourceNameBytesMax).contains(bytes) else {
                return "needs: a resource's name has \(bytes) bytes; expected 1 to "
                    + "\(Limits.resourceNameBytesMax)"
            }
            guard
                need.name != ResourceAmount.slotName
                    || (1...UInt64(Limits.slotsMax)).contains(need.amount)
            else {
                return "needs: a job takes 1 to \(Limits.slotsMax) slots, not \(need.amount)"
            }
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
