// SPDX-License-Identifier: Apache-2.0
// Reelwork: which authority is meant

import ArgumentParser
import ReelworkCore
import ReelworkRPC

/// Which authority is meant.
struct AuthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of the authority.",
            discussion: "Default: $REELWORK_AUTH. A scheduler looks into DIR/auth of its --data.",
            valueName: "dir"
        )
    )
    var dir: String?

    /// The folder.
    func folder() throws(CommandFailure) -> AuthFolder {
        guard let dir = dir ?? Environment.value("REELWORK_AUTH"), !dir.isEmpty else {
            throw .usage(
                "no folder is named",
                advice: "give --dir DATA/auth, where DATA is the scheduler's --data, or set "
                    + "REELWORK_AUTH to it"
            )
        }
        return AuthFolder(JobOrder.absolute(dir, in: try JobOrder.currentFolder()))
    }

    /// Checks the name of a credential.
    static func check(name: String) throws {
        if let problem = CredentialName.problem(of: name) {
            throw ValidationError("--name \(name): \(problem)")
        }
    }

    /// Checks how long a credential lasts.
    static func check(lasting: Duration, _ flag: String) throws {
        guard lasting >= .seconds(1), lasting <= .seconds(100 * 366 * 86_400) else {
            throw ValidationError("\(flag) must be from 1s to 100 years")
        }
    }
}
