// SPDX-License-Identifier: Apache-2.0
// Reelwork: a priority as an argument

import ArgumentParser
import ReelworkCore

/// A priority by its name.
struct PriorityArgument: ExpressibleByArgument {
    var priority: JobPriority

    init?(argument: String) {
        guard let priority = JobPriority(name: argument) else { return nil }
        self.priority = priority
    }

    static var allValueStrings: [String] { JobPriority.allCases.map(\.name) }
}
