// SPDX-License-Identifier: Apache-2.0
// Reelwork: who gets in over TLS, and who does not

import Foundation
import ReelworkCore
import ReelworkDaemon
import ReelworkRPC
import ReelworkWire
import Testing

@testable import reelwork

// Goal: a right certificate or token gets in as who it is, and each that is not right is told why
// while others go on. Method: a real scheduler, real TLS sockets, credentials as `reelwork auth`
// makes them; TLSHouse shows before and after each test that another client is served.
// Security checklist 11 (identity).
@Suite(.timeLimit(.minutes(1)))
struct PeerIdentityTests {
    private static let past = Date(timeIntervalSinceNow: -10 * 86_400)

    private func submit(_ connection: RPCConnection, _ name: String) async throws -> SubmitResult {
        let spec = JobSpec(engine: "ffmpeg", input: "/in/\(name).mov", output: "/out/\(name).mp4")
        let answer = try await connection.call(
            SubmitBatch.self,
            SubmitBatch.Request(
                isAtomic: false,
                items: [SubmitItem(key: name, spec: spec.encoded)]
            )
        )
        return try #require(answer.results.first)
    }

    private func actor(_ connection: RPCConnection, _ job: JobNumber) async throws -> String {
        let history = try await connection.call(
            History.self,
            History.Request(ref: .number(job), afterSequence: 0, limit: 10)
        )
        return try #require(history.moves.first).actor
    }

    @Test func aRightCertificateIsWhoItSays() async throws {
        try await TLSHouse.run { house in
            let security = try house.certificate("ci", .submitter)
            let connection = try await house.connect(.submitter, security)
            let result = try await submit(connection, "a")
            #expect(result.code == .known(.ok))
            let number = result.number
            let actor = try await actor(connection, number)
            #expect(actor == "cert:ci")
            await connection.close()
        }
    }

    @Test func aRightTokenIsWhoItSays() async throws {
        try await TLSHouse.run { house in
            let connection = try await house.connect(.submitter, token: try house.token("ci"))
            let result = try await submit(connection, "a")
            let number = result.number
            let actor = try await actor(connection, number)
            #expect(actor == "token:ci")
            await connection.close()
        }
    }

    @Test func aWrongTokenIsNotLetIn() async throws {
        try await TLSHouse.run { house in
            let right = String(
                decoding: try SecretFile.token(try house.token("ci")),
                as: UTF8.self
            )
            let forged = right.dropLast(64) + AccessToken().text.suffix(64)
            for text in [String(forged), AccessToken().text] {
                let error = try await house.refusal(.submitter, token: try house.file(text))
                #expect(error.code == .remote(.known(.authFailed)))
                #expect(error.message.contains("not known here"))
            }
        }
    }

    @Test func anExpiredTokenIsNotLetIn() async throws {
        try await TLSHouse.run { house in
            let token = try house.token("ci", expires: Timestamp(milliseconds: 5))
            let error = try await house.refusal(.submitter, token: token)
            #expect(error.code == .remote(.known(.authFailed)))
            #expect(error.message.contains("expired"))
        }
    }

    @Test func aRevokedTokenIsNotLetIn() async throws {
        try await TLSHouse.run { house in
            let token = try house.token("ci")
            try house.revoke("ci")
            let error = try await house.refusal(.submitter, token: token)
            #expect(error.code == .remote(.known(.authFailed)))
            #expect(error.message.contains("revoked"))
        }
    }

    @Test func anExpiredCertificateIsNotLetIn() async throws {
        try await TLSHouse.run { house in
            let security = try house.certificate(
                "ci",
                .submitter,
                from: PeerIdentityTests.past,
                lasting: TLSHouse.day
            )
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .untrusted)
            #expect(error.message.contains("expired"))
        }
    }

    @Test func aCertificateOfAnotherAuthorityIsNotLetIn() async throws {
        try await TLSHouse.run { house in
            let other = try CertificateMaker.authority(
                name: "Test",
                from: Date(),
                lasting: TLSHouse.day
            )
            let maker = try CertificateMaker(certificate: other.certificate, key: other.key)
            let security = try house.certificate("ci", .submitter, maker: maker)
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .untrusted)
            #expect(error.message.contains("certificate"))
        }
    }

    @Test func aRevokedCertificateIsNotLetIn() async throws {
        try await TLSHouse.run { house in
            let security = try house.certificate("ci", .submitter)
            try house.revoke("ci")
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .remote(.known(.authFailed)))
            #expect(error.message.contains("revoked"))
        }
    }

    @Test func aSchedulersCertificateIsNoClients() async throws {
        try await TLSHouse.run { house in
            let security = ClientSecurity(
                authorities: house.auth.authority,
                certificate: house.auth.certificate("server"),
                key: house.auth.key("server")
            )
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .untrusted)
        }
    }

    @Test func nobodyGetsInWithoutCertificateOrToken() async throws {
        try await TLSHouse.run { house in
            for role in [PeerRole.worker, .submitter] {
                let security = ClientSecurity(authorities: house.auth.authority)
                let error = try await house.refusal(role, security)
                #expect(error.code == .remote(.known(.authRequired)))
                #expect(error.message.contains("--token-file"))
            }
        }
    }

    // Lesson 34: mTLS without an authority verified nobody.
    @Test func withoutAnAuthorityNoCertificateIsTaken() async throws {
        try await TLSHouse.run(takesCertificates: false) { house in
            let security = try house.certificate("ci", .submitter)
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .remote(.known(.authRequired)))
        }
    }

    @Test func aRevokedCredentialLosesItsOpenSessions() async throws {
        try await TLSHouse.run { house in
            let shown = try await house.connect(
                .worker,
                try house.certificate("encoder", .worker)
            )
            let sent = try await house.connect(.submitter, token: try house.token("ci"))
            try house.revoke("encoder")
            try house.revoke("ci")
            house.daemon.recheckPeers()
            for connection in [shown, sent] {
                var end: RPCError?
                for await push in connection.pushes {
                    if case .closed(let error) = push { end = error }
                }
                #expect(end?.code == .remote(.known(.authFailed)))
                #expect(end?.message.contains("revoked") == true)
            }
        }
    }

    @Test func anExpiredCredentialLosesItsOpenSessions() async throws {
        try await TLSHouse.run { house in
            let end = Timestamp(milliseconds: house.clock.now.milliseconds + 60_000)
            let token = try house.token("ci", expires: end)
            let connection = try await house.connect(.submitter, token: token)
            house.daemon.recheckPeers()
            _ = try await connection.call(WorkersList.self, TLSHouse.everybody)
            house.clock.move(.seconds(61))
            house.daemon.recheckPeers()
            var reason: RPCError?
            for await push in connection.pushes {
                if case .closed(let error) = push { reason = error }
            }
            #expect(reason?.message.contains("expired") == true)
        }
    }

    @Test func oneCredentialHasNotAllThePlaces() async throws {
        try await TLSHouse.run { house in
            let token = try house.token("many")
            var open: [RPCConnection] = []
            for _ in 0..<Limits.connectionsPerCredentialMax {
                open.append(try await house.connect(.submitter, token: token))
            }
            let error = try await house.refusal(.submitter, token: token)
            #expect(error.code == .remote(.known(.denied)))
            await open.removeLast().close()
            // The place is free once the server has seen the end of the connection.
            var again: RPCConnection?
            while again == nil {
                again = try? await house.connect(.submitter, token: token)
            }
            for connection in open { await connection.abort() }
        }
    }
}
