// SPDX-License-Identifier: Apache-2.0
// Reelwork: tokens that nobody may read in a log

import Foundation
import Logging
import NIOSSL
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Synchronization
import Testing

@testable import reelwork

/// Goal: no token, right or wrong, is in a line of the log or in an error, of either side.
///
/// Security checklist 15 (secret leakage).
///
/// Method: a real scheduler over TLS that logs everything; tokens that are right, forged, expired,
/// revoked, unknown, cut and in the wrong place.
@Suite(.timeLimit(.minutes(1)))
struct SilentLogTests {
    /// Keeps all that is logged.
    private final class Kept: Sendable {
        private let texts = Mutex<[String]>([])

        var all: [String] { texts.withLock { $0 } }

        func add(_ text: String) { texts.withLock { $0.append(text) } }
    }

    private struct KeepingHandler: LogHandler {
        let kept: Kept
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            kept.add("\(event.message) \(event.metadata ?? [:]) \(metadata)")
        }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try SecretFile.token(path), as: UTF8.self)
    }

    /// What a server says to an AUTH that no client of ours would send.
    private func refusal(
        _ house: TLSHouse,
        _ mechanism: String,
        _ data: [UInt8]
    ) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(house.auth.authority)
        configuration.applicationProtocols = ["reelwork/1"]
        let context = try NIOSSLContext(configuration: configuration)
        let raw = try await RawTLS.connect(house.port, context)
        raw.send(ClientPreface(role: .submitter).encoded)
        _ = await raw.read(Preface.byteCount)
        raw.send(try frame(kind: .hello) { Hello(codecs: [], agent: "raw") })
        _ = try #require(try await raw.readFrame())
        raw.send(try frame(kind: .auth) { Auth(mechanism: mechanism, data: data) })
        let error = try #require(try await raw.readError())
        return "\(error)"
    }

    @Test func noTokenIsLoggedOrSaidAgain() async throws {
        let kept = Kept()
        let logger = Logger(label: "test", factory: { _ in KeepingHandler(kept: kept) })
        var tokens: [String] = []
        var said: [String] = []
        try await TLSHouse.run(logger: logger) { house in
            let right = try text(try house.token("ci"))
            let expired = try text(
                try house.token("old", expires: Timestamp(milliseconds: 5))
            )
            let revoked = try text(try house.token("gone"))
            try house.revoke("gone")
            let unknown = AccessToken().text
            let forged = String(right.dropLast(64)) + unknown.suffix(64)
            tokens = [right, expired, revoked, unknown, forged]

            let good = try await house.connect(.submitter, token: try house.file(right))
            _ = try await good.call(WorkersList.self, TLSHouse.everybody)
            await good.close()
            for token in [expired, revoked, unknown, forged] {
                let error = try await house.refusal(.submitter, token: try house.file(token))
                said.append("\(error) \(error.message)")
            }
            // Bytes that no client of ours would send: cut, with more behind it, under other names.
            for data in [
                Array(right.utf8.dropLast()), Array(right.utf8) + [0x0A],
                Array((right + right).utf8),
            ] {
                for mechanism in ["token", "Token", right] {
                    said.append(try await refusal(house, mechanism, data))
                }
            }
        }
        let lines = kept.all
        // Refusals are logged, or this would show nothing.
        #expect(lines.filter { $0.contains("[Auth] Refused") }.count >= 4)
        for token in tokens {
            let secret = token.suffix(64)
            for part in [String(secret), String(secret.prefix(32)), String(secret.suffix(32))] {
                #expect(lines.allSatisfy { !$0.contains(part) })
                #expect(said.allSatisfy { !$0.contains(part) })
            }
        }
    }
}
