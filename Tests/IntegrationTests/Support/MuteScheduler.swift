// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler that shakes hands and answers nothing

import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire

/// A scheduler that shakes hands, reads what comes and answers nothing.
final class MuteScheduler: RPCServerDelegate {
    /// Runs a test with one that listens on the sockets of a house.
    static func run(_ house: House, _ test: () async throws -> Void) async throws {
        let server = RPCServer(
            configuration: RPCServerConfiguration(
                cluster: JobID(high: 1, low: 1),
                epoch: 1,
                agent: "mute"
            ),
            delegate: MuteScheduler(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        do {
            _ = try await server.listen(on: .unix(path: house.path + "/mute"), family: .rpc)
            _ = try await server.listen(on: .unix(path: house.path + "/admin"), family: .admin)
            try await test()
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    func opened(_ peer: RPCPeer) {}
    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func failed(_ incoming: RPCIncoming, error: ErrorMessage) {}
    func canceled(_ incoming: RPCIncoming) {}
    func paused(_ connection: RPCConnectionID, isPaused: Bool) {}
    func closed(_ connection: RPCConnectionID, isFarewell: Bool) {}
    func processGone(_ connection: RPCConnectionID) {}
}
