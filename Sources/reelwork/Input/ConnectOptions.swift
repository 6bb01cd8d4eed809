// SPDX-License-Identifier: Apache-2.0
// Reelwork: which scheduler is meant

import ArgumentParser
import ReelworkClient

/// Which scheduler is meant.
struct ConnectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the scheduler answers: unix:PATH or tcp:HOST:PORT.",
            discussion: "Default: $REELWORK_CONNECT.",
            valueName: "endpoint"
        )
    )
    var connect: String?

    @OptionGroup var security: SecurityOptions
    @OptionGroup var answers: AnswerOptions

    /// The endpoint that was given, or the environment's.
    static func endpoint(_ given: String?) throws(CommandFailure) -> String {
        guard let endpoint = given ?? Environment.value("REELWORK_CONNECT") else {
            throw .usage(
                "no scheduler is named",
                advice: "start one with `reelwork serve --data DIR`, then give "
                    + "--connect unix:DIR/reelwork.sock or set REELWORK_CONNECT to it"
            )
        }
        return endpoint
    }

    /// The endpoint that was given, or the environment's.
    func endpoint() throws(CommandFailure) -> String { try ConnectOptions.endpoint(connect) }

    /// A connection to it.
    func client() async throws -> ReelworkClient {
        try await ReelworkClient.connect(
            ReelworkConfiguration(
                endpoints: [endpoint()],
                security: security.security(),
                agent: Program.agent,
                timeout: answers.limit()
            )
        )
    }
}
