// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an admin changes something

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Why something is done; it lands in history.
struct ReasonOptions: ParsableArguments {
    @Option(help: "Why; it lands in the history with your user id.")
    var reason: String

    func validate() throws {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw ValidationError("--reason is empty; say in a few words why this is done")
        }
        guard reason.utf8.count <= Limits.reasonBytesMax else {
            throw ValidationError("--reason has more than \(Limits.reasonBytesMax) bytes")
        }
    }
}
