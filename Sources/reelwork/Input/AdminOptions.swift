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

    @OptionGroup var answers: AnswerOptions

    /// A connection to it; `mayTakeLong` where no usual limit of an answer holds.
    func client(mayTakeLong: Bool = false) async throws -> ReelworkClient {
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
                ReelworkConfiguration(
                    endpoints: [endpoint],
                    role: .admin,
                    agent: Program.agent,
                    timeout: answers.limit(mayTakeLong: mayTakeLong)
                )
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
