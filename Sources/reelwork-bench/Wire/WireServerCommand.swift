// SPDX-License-Identifier: Apache-2.0
// Reelwork: the process behind a load

import ArgumentParser

/// The process behind a load; `wire` starts it.
struct WireServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wire-server",
        abstract: "The server's side of `wire`, which starts it.",
        shouldDisplay: false
    )

    @Option(help: "rpc or echo.")
    var speech: WirePlan.Speech = .rpc

    @Argument(help: "The Unix socket to listen on.")
    var path: String

    func run() async throws {
        switch speech {
        case .rpc: try await BareService.run(path: path)
        case .echo: try await EchoServer.run(path: path)
        }
    }
}

extension WirePlan.Speech: ExpressibleByArgument {}
