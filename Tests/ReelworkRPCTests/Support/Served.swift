// SPDX-License-Identifier: Apache-2.0
// Reelwork: a server in a folder of its own, for one test.

import Glibc
import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWire

/// A server in a folder of its own.
struct Served: Sendable {
    let folder: String
    let peer: ServedPeer
    let server: RPCServer
    let unix: RPCEndpoint
    let tcp: RPCEndpoint
    let admin: RPCEndpoint

    /// Runs a test with a server that listens on Unix, TCP and for admins.
    static func run(
        _ change: (inout RPCServerConfiguration) -> Void = { _ in },
        _ body: (Served) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        var configuration = RPCServerConfiguration(
            cluster: JobID(high: 7, low: 9),
            epoch: 3,
            agent: "test server"
        )
        change(&configuration)
        let peer = ServedPeer()
        let server = RPCServer(
            configuration: configuration,
            delegate: peer,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        peer.serve(server)
        let unix = try await server.listen(on: .unix(path: folder + "/rpc"), family: .rpc)
        let tcp = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0), family: .rpc)
        let admin = try await server.listen(on: .unix(path: folder + "/admin"), family: .admin)
        let served = Served(
            folder: folder,
            peer: peer,
            server: server,
            unix: unix,
            tcp: tcp,
            admin: admin
        )
        do {
            try await body(served)
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    func connect(
        _ role: PeerRole = .submitter,
        to endpoint: RPCEndpoint? = nil,
        _ configuration: SessionConfiguration = SessionConfiguration()
    ) async throws(RPCError) -> RPCConnection {
        try await RPCConnection.connect(
            to: endpoint ?? unix,
            role: role,
            agent: "test client",
            configuration: configuration
        )
    }
}

func temporaryFolder() throws -> String {
    var template = Array("/tmp/reelwork-rpc-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemFailure(number: errno) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a flat folder.
func removeFolder(_ path: String) {
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink(path + "/" + name) }
        }
        closedir(folder)
    }
    rmdir(path)
}
