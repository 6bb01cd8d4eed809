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
            if error.code == .notReachable, failure.status != .denied {
                failure.advice =
                    "start it with `reelwork serve --data DIR`, or name another with --socket"
            }
            throw failure
        }
    }
}
