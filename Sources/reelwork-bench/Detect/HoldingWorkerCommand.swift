// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker in a process of its own, to be killed

import ArgumentParser
import Glibc
import ReelworkCore
import ReelworkRPC

/// A worker in a process of its own, to be killed; `detect` starts it.
struct HoldingWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holding-worker",
        abstract: "A worker without encoders for `detect`, which starts it.",
        shouldDisplay: false
    )

    @Argument(help: "Where the scheduler listens.")
    var endpoint: String

    @Argument(help: "Its name.")
    var name: String

    func run() async throws {
        let worker = try await HoldingWorker.enter(
            RPCEndpoint(parsing: endpoint),
            name: name,
            slots: 1,
            limit: .seconds(3_600)
        )
        try await worker.run(beat: .seconds(5)) {
            print("holds")
            fflush(nil)
        }
    }
}
