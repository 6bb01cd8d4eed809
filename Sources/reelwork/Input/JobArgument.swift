// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs as people name them

import ArgumentParser
import ReelworkCore

/// A job as people name it: `12`, `#12` or a whole UUID.
struct JobArgument: ExpressibleByArgument {
    var ref: JobRef
    var text: String

    init?(argument: String) {
        guard let ref = JobRef(argument) else { return nil }
        self.ref = ref
        text = argument
    }
}

/// A state of a job by its name.
struct StateArgument: ExpressibleByArgument {
    var state: JobState

    init?(argument: String) {
        guard let state = JobState(name: argument.replacing("-", with: "_")) else { return nil }
        self.state = state
    }

    static var allValueStrings: [String] { JobState.allCases.map(\.name) }
}

/// A queue by its name.
struct QueueArgument: ExpressibleByArgument {
    var queue: JobQueue

    init?(argument: String) {
        guard let queue = JobQueue(name: argument) else { return nil }
        self.queue = queue
    }

    static var allValueStrings: [String] { JobQueue.allCases.map(\.name) }
}

/// A priority by its name.
struct PriorityArgument: ExpressibleByArgument {
    var priority: JobPriority

    init?(argument: String) {
        guard let priority = JobPriority(name: argument) else { return nil }
        self.priority = priority
    }

    static var allValueStrings: [String] { JobPriority.allCases.map(\.name) }
}
