// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scheduler that speaks TLS, for one test

import FFmpegEngine
import Foundation
import Logging
import ReelworkCore
import ReelworkDaemon
import ReelworkEngineKit
import ReelworkRPC
import ReelworkStore
import ReelworkWire
import Testing

@testable import reelwork

/// A real scheduler in a temporary folder that listens on TCP with TLS, and the folder of
/// `reelwork auth` that its credentials come from.
struct TLSHouse {
    let folder: String
    let auth: AuthFolder
    let maker: CertificateMaker
    let security: ServeSecurity
    let daemon: Daemon
    let endpoint: RPCEndpoint
    let clock: MovedClock

    static let day = Duration.seconds(86_400)

    /// Runs a test, and shows before and after it that another client is served.
    ///
    /// Without `takesCertificates` the scheduler knows no authority: only tokens are taken.
    static func run(
        takesCertificates: Bool = true,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        _ body: (TLSHouse) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let house = try await TLSHouse.open(folder, takesCertificates, logger)
        do {
            let other = try await house.connect(.submitter, token: try house.token("other"))
            try await body(house)
            _ = try await other.call(WorkersList.self, TLSHouse.everybody)
            let late = try await house.connect(.submitter, token: try house.token("late"))
            _ = try await late.call(WorkersList.self, TLSHouse.everybody)
            await other.close()
            await late.close()
        } catch {
            await house.daemon.stop()
            throw error
        }
        await house.daemon.stop()
    }

    static let everybody = WorkersList.Request(name: "", detail: .short, cursor: nil)

    private static func open(
        _ folder: String,
        _ takesCertificates: Bool,
        _ logger: Logger
    ) async throws -> TLSHouse {
        let auth = AuthFolder(folder + "/auth")
        try auth.make()
        let authority = try CertificateMaker.authority(name: "Test", from: Date(), lasting: day)
        let maker = try CertificateMaker(
            certificate: authority.certificate,
            key: authority.key
        )
        try AuthFolder.write(authority.certificate, to: auth.authority)
        let own = try maker.server(
            name: "server",
            hosts: ["localhost", "127.0.0.1"],
            from: Date(),
            lasting: day
        )
        try AuthFolder.write(own.certificate, to: auth.certificate("server"))
        try AuthFolder.write(own.key, to: auth.key("server"))
        let files = ServeSecurityFiles(
            certificate: auth.certificate("server"),
            key: auth.key("server"),
            authorities: takesCertificates ? auth.authority : nil
        )
        let clock = MovedClock()
        let security = try ServeSecurity(files, auth, now: { clock.now })
        var engines = EngineRegistry()
        try engines.register(FFmpegEngine())
        let daemon = Daemon(
            configuration: DaemonConfiguration(
                listen: [.tcp(host: "127.0.0.1", port: 0)],
                admin: .unix(path: folder + "/admin.sock"),
                security: security.server,
                version: "test"
            ),
            store: try SQLiteJobStore(folder: folder + "/data"),
            engines: engines,
            logger: logger,
            exit: { error in Issue.record("the store failed: \(error)") }
        )
        let ready = try await daemon.start()
        return TLSHouse(
            folder: folder,
            auth: auth,
            maker: maker,
            security: security,
            daemon: daemon,
            endpoint: try #require(ready.listening.first),
            clock: clock
        )
    }

    var port: Int {
        if case .tcp(_, let port) = endpoint { port } else { 0 }
    }

    // MARK: - Credentials

    /// A file with a new token; the scheduler knows it at once.
    func token(
        _ name: String,
        _ role: CredentialRole = .submitter,
        expires: Timestamp? = nil
    ) throws -> String {
        let token = AccessToken()
        try enter(
            CredentialRecord(
                kind: .token,
                id: token.id,
                name: name,
                role: role,
                created: Timestamp(milliseconds: 1),
                expires: expires,
                digest: token.digest
            )
        )
        return try file(token.text)
    }

    /// A new private file with this text.
    func file(_ text: String) throws -> String {
        let path = folder + "/" + UUID().uuidString
        try AuthFolder.write(text + "\n", to: path)
        return path
    }

    private func enter(_ record: CredentialRecord) throws {
        try auth.change { (book: inout CredentialBook) throws(CommandFailure) in
            _ = book.add(record)
        }
        _ = try security.authority.refresh()
    }

    /// Takes back all that was given out to a name, as `reelwork auth revoke` does.
    func revoke(_ name: String) throws {
        try auth.change { (book: inout CredentialBook) throws(CommandFailure) in
            for record in book.records where record.name == name {
                book.revoke(record.kind, record.id, at: Timestamp(milliseconds: 2))
            }
        }
        _ = try security.authority.refresh()
    }

    /// A new client certificate and its key, as files.
    func certificate(
        _ name: String,
        _ role: CredentialRole,
        from: Date = Date(),
        lasting: Duration = TLSHouse.day,
        maker: CertificateMaker? = nil
    ) throws -> ClientSecurity {
        let made = try (maker ?? self.maker).client(
            CertificateClaim(name: name, role: role),
            from: from,
            lasting: lasting
        )
        try enter(
            CredentialRecord(
                kind: .certificate,
                id: made.serial,
                name: name,
                role: role,
                created: Timestamp(milliseconds: 1),
                expires: made.expires
            )
        )
        return ClientSecurity(
            authorities: auth.authority,
            certificate: try file(made.certificate),
            key: try file(made.key)
        )
    }

    /// Shows new connections a certificate for these hosts, as a running scheduler does that finds
    /// its files changed.
    func renew(_ hosts: [String]) throws {
        let made = try maker.server(
            name: "server",
            hosts: hosts,
            from: Date(),
            lasting: TLSHouse.day
        )
        try AuthFolder.write(made.key, to: auth.key("server"), replaces: true)
        try AuthFolder.write(made.certificate, to: auth.certificate("server"), replaces: true)
        daemon.renew(try security.files.security(security.authority))
    }

    // MARK: - Clients

    func connect(
        _ role: PeerRole,
        _ security: ClientSecurity
    ) async throws(RPCError) -> RPCConnection {
        try await RPCConnection.connect(
            to: endpoint,
            role: role,
            agent: "test",
            security: security
        )
    }

    func connect(_ role: PeerRole, token: String) async throws(RPCError) -> RPCConnection {
        try await connect(role, ClientSecurity(authorities: auth.authority, tokenFile: token))
    }

    /// Why a client does not get in.
    func refusal(_ role: PeerRole, _ security: ClientSecurity) async throws -> RPCError {
        do throws(RPCError) {
            let connection = try await connect(role, security)
            // The server's word on a certificate comes behind the client's end of the handshake.
            _ = try await connection.call(WorkersList.self, TLSHouse.everybody)
        } catch {
            return error
        }
        throw RPCError(.handshakeFailed, "it got in")
    }

    func refusal(_ role: PeerRole, token: String) async throws -> RPCError {
        try await refusal(
            role,
            ClientSecurity(authorities: auth.authority, tokenFile: token)
        )
    }
}
