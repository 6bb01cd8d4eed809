// SPDX-License-Identifier: Apache-2.0
// Reelwork: a server that answers at once

import Foundation
import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization

/// A server of the real protocol with nothing behind it: each HEARTBEAT is answered at once.
final class BareService: RPCServerDelegate {
    private let box = Mutex<RPCServer?>(nil)

    /// Listens until the process ends.
    static func run(path: String) async throws {
        let service = BareService()
        let server = RPCServer(
            configuration: RPCServerConfiguration(
                cluster: JobID(high: 1, low: 1),
                epoch: 1,
                agent: "bench"
            ),
            delegate: service,
            logger: Logger(label: "bench")
        )
        service.box.withLock { $0 = server }
        try await server.listen(on: .unix(path: path), family: .rpc)
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        while true { try await Task.sleep(for: .seconds(3_600)) }
    }

    func opened(_ peer: RPCPeer) {}

    func request(_ incoming: RPCIncoming, body: RawSpan) -> WireError? {
        do throws(WireError) {
            _ = try Heartbeat.Request.decode(body)
        } catch {
            return error
        }
        box.withLock { $0 }?.deliver(
            .response(
                Heartbeat.self,
                Heartbeat.Response(),
                to: incoming.connection,
                request: incoming.requestID
            )
        )
        return nil
    }

    func event(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func answered(_ incoming: RPCIncoming, body: RawSpan) -> WireError? { nil }
    func failed(_ incoming: RPCIncoming, error: ErrorMessage) {}
    func canceled(_ incoming: RPCIncoming) {}
    func paused(_ connection: RPCConnectionID, isPaused: Bool) {}
    func closed(_ connection: RPCConnectionID, isFarewell: Bool) {}
    func processGone(_ connection: RPCConnectionID) {}
}
