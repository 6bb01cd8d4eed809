// SPDX-License-Identifier: Apache-2.0
// Reelwork: a queue as an argument

import ArgumentParser
import ReelworkCore

/// A queue by its name.
struct QueueArgument: ExpressibleByArgument {
    var queue: JobQueue

    init?(argument: String) {
        guard let queue = JobQueue(name: argument) else { return nil }
        self.queue = queue
    }

    static var allValueStrings: [String] { JobQueue.allCases.map(\.name) }
}
