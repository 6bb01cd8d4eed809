// SPDX-License-Identifier: Apache-2.0
// Reelwork: a state as an argument

import ArgumentParser
import ReelworkCore

/// A state of a job by its name.
struct StateArgument: ExpressibleByArgument {
    var state: JobState

    init?(argument: String) {
        guard let state = JobState(name: argument.replacing("-", with: "_")) else { return nil }
        self.state = state
    }

    static var allValueStrings: [String] { JobState.allCases.map(\.name) }
}
