// SPDX-License-Identifier: Apache-2.0
// Reelwork: which admin socket is meant

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Which admin socket is meant.
struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The scheduler's admin socket.",
            discussion: "Default: $REELWORK_ADMIN.",
            valueName: "path"
        )
    )
    var socket: String?

    /// A connection to it.
    func client() async throws -> ReelworkClient {
        guard let socket = socket ?? Environment.value("REELWORK_ADMIN") else {
            throw CommandFailure.usage(
                "no admin socket is named",
                advice: "give --socket DIR/admin.sock, where DIR is the scheduler's --data, or set "
                    + "REELWORK_ADMIN to it"
            )
        }
        let endpoint = socket.hasPrefix("unix:") ? socket : "unix:\(socket)"
        do {
            return try await ReelworkClient.connect(
                ReelworkConfiguration(endpoints: [endpoint], role: .admin, agent: Program.agent)
            )
        } catch {
            var failure = CommandFailure(error)
            if error.code == .notReachable {
                failure.advice =
                    "start it with `reelwork serve --data DIR`, or name another with --socket"
            }
            throw failure
        }
    }
}

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
