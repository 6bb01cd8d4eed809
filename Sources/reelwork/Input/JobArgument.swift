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
