// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a user changes something

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Why something is done, where that may be left unsaid; it lands in history.
struct RemarkOptions: ParsableArguments {
    @Option(help: "Why; it lands in the history.")
    var reason = ""

    func validate() throws {
        guard reason.utf8.count <= Limits.reasonBytesMax else {
            throw ValidationError("--reason has more than \(Limits.reasonBytesMax) bytes")
        }
    }
}
