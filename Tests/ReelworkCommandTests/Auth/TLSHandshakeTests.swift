// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a TLS socket does with those who do not keep to the order

import Foundation
import NIOSSL
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

@testable import reelwork

// Goal: TLS 1.3 with ALPN, then preface, HELLO and AUTH, and nothing else before it; whoever breaks
// the order gets a clear end, and others go on. Method: clients that send exactly the bytes of the
// test to a real scheduler. Security checklist 5 (before authentication), Security checklist 9
// (nothing off-host without TLS), Security checklist 10 (no bytes before TLS).
@Suite(.timeLimit(.minutes(1)))
struct TLSHandshakeTests {
    private func context(
        _ house: TLSHouse,
        _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(house.auth.authority)
        configuration.applicationProtocols = ["reelwork/1"]
        change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }

    /// A client that has got as far as HELLO_ACK and is asked for a token.
    private func asked(_ house: TLSHouse, codecs: [UInt8] = [1]) async throws -> RawTLS {
        let raw = try await RawTLS.connect(house.port, try context(house))
        raw.send(ClientPreface(role: .submitter).encoded)
        let preface = await raw.read(Preface.byteCount)
        #expect(preface == ServerPreface().encoded)
        raw.send(try frame(kind: .hello) { Hello(codecs: codecs, agent: "raw") })
        let frame = try #require(try await raw.readFrame())
        let ack = try HelloAck.decode(frame.body.span.bytes)
        #expect(ack.mechanisms == ["token"])
        return raw
    }

    @Test func tls12IsRefused() async throws {
        try await TLSHouse.run { house in
            let context = try context(house) { $0.maximumTLSVersion = .tlsv12 }
            let raw = try await RawTLS.connect(house.port, context)
            let failures = await raw.failures()
            let isTold = failures.contains { $0.contains("PROTOCOL_VERSION") }
            #expect(isTold, "\(failures)")
        }
    }

    @Test func plainBytesGetAnAlertAndTheEnd() async throws {
        try await TLSHouse.run { house in
            for bytes in [
                ClientPreface(role: .submitter).encoded, Array("GET / HTTP/1.1\r\n\r\n".utf8), [0],
            ] {
                let raw = try await RawTLS.connect(house.port, nil)
                raw.send(bytes)
                let answer = await raw.readAll()
                #expect(answer == [21, 3, 3, 0, 2, 2, 10])
            }
        }
    }

    @Test func aClientWithoutTLSIsToldWhatItLacks() async throws {
        try await TLSHouse.run { house in
            do throws(RPCError) {
                _ = try await RPCConnection.connect(
                    to: house.endpoint,
                    role: .submitter,
                    agent: "test"
                )
                Issue.record("it got in")
            } catch {
                #expect(error.code == .untrusted)
                #expect(error.message.contains("--tls-ca"))
            }
        }
    }

    @Test(arguments: [[], ["h2"], ["reelwork/2"]] as [[String]])
    func withoutOurProtocolThePrefaceIsDenied(protocols: [String]) async throws {
        try await TLSHouse.run { house in
            let context = try context(house) { $0.applicationProtocols = protocols }
            let raw = try await RawTLS.connect(house.port, context)
            raw.send(ClientPreface(role: .submitter).encoded)
            let answer = await raw.readAll()
            #expect(answer == ServerPreface(status: .denied).encoded)
        }
    }

    @Test func aRequestInAuthsPlaceIsRefused() async throws {
        try await TLSHouse.run { house in
            let raw = try await asked(house)
            raw.send(
                try frame(kind: .request, .getJob, id: 1) {
                    GetJob.Request(ref: .number(JobNumber(1)), detail: .short)
                }
            )
            let error = try await raw.readError()
            #expect(error?.code == .known(.authRequired))
            let rest = await raw.readAll()
            #expect(rest == [])
        }
    }

    // Security checklist 5 (CVE-2025-21605): one who floods before he has said who he is, and reads
    // nothing meanwhile, is owed one answer and no more.
    @Test func oneErrorIsAllThatAFloodBeforeAuthCosts() async throws {
        try await TLSHouse.run { house in
            let raw = try await asked(house)
            let request = try frame(kind: .request, .getJob, id: 1) {
                GetJob.Request(ref: .number(JobNumber(1)), detail: .short)
            }
            let flood = [[UInt8]](repeating: request, count: 20_000).flatMap { $0 }
            raw.send(flood)
            let answer = await raw.readAll()
            let count = answer.count
            #expect(count <= 8 << 10)
            let header = try FrameHeader(reading: answer.span.bytes)
            #expect(header.kind == .error)
            #expect(count == FrameHeader.byteCount + Int(header.wireLength))
        }
    }

    @Test func aWrongTokenIsTheEnd() async throws {
        try await TLSHouse.run { house in
            for auth in [
                Auth(mechanism: "token", data: Array(AccessToken().text.utf8)),
                Auth(mechanism: "token", data: []), Auth(mechanism: "scram", data: [1]),
                Auth(mechanism: "token", data: [UInt8](repeating: 0xFF, count: 2_000)),
            ] {
                let raw = try await asked(house)
                raw.send(try frame(kind: .auth) { auth })
                let error = try await raw.readError()
                #expect(error?.code == .known(.authFailed))
                let rest = await raw.readAll()
                #expect(rest == [])
            }
        }
    }

    @Test func anAuthThatIsTooLongIsRefused() async throws {
        try await TLSHouse.run { house in
            let raw = try await asked(house)
            let auth = Auth(mechanism: "token", data: [UInt8](repeating: 0, count: 5_000))
            raw.send(try frame(kind: .auth) { auth })
            let error = try await raw.readError()
            #expect(error?.code == .known(.frameTooLarge))
        }
    }

    @Test func nothingMayFollowAuthBeforeItsAnswer() async throws {
        try await TLSHouse.run { house in
            let token = try SecretFile.token(try house.token("ci"))
            let raw = try await asked(house)
            let auth = try frame(kind: .auth) { Auth(mechanism: "token", data: token) }
            let request = try frame(kind: .request, .getJob, id: 1) {
                GetJob.Request(ref: .number(JobNumber(1)), detail: .short)
            }
            raw.send(auth + request)
            let error = try await raw.readError()
            #expect(error?.code == .known(.protocolError))
        }
    }

    @Test func nothingIsCompressedBeforeAuthentication() async throws {
        try await TLSHouse.run { house in
            let raw = try await asked(house)
            var bytes = try frame(kind: .request, .getJob, id: 1) {
                GetJob.Request(ref: .number(JobNumber(1)), detail: .short)
            }
            // The flag COMPRESSED with the checksum that belongs to it.
            bytes[5] = 1
            let sum = Checksum.crc32c(Array(bytes.prefix(20)).span.bytes)
            withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(20..<24, with: $0) }
            raw.send(bytes)
            let error = try await raw.readError()
            #expect([.known(.protocolError), .known(.authRequired)].contains(error?.code))
        }
    }

    @Test func aRightTokenOpensTheSession() async throws {
        try await TLSHouse.run { house in
            let token = try SecretFile.token(try house.token("ci"))
            let raw = try await asked(house)
            raw.send(try frame(kind: .auth) { Auth(mechanism: "token", data: token) })
            let frame = try #require(try await raw.readFrame())
            #expect(frame.header.kind == .authOK)
            let answer = try AuthOK.decode(frame.body.span.bytes)
            #expect(answer.identity == "token:ci")
            #expect(answer.permissions == [.read, .submit])
        }
    }

    @Test func aServerThatIsNotTrustedGetsNoToken() async throws {
        try await TLSHouse.run { house in
            let other = try CertificateMaker.authority(
                name: "Test",
                from: Date(),
                lasting: TLSHouse.day
            )
            let authorities = try house.file(other.certificate)
            let token = try house.token("ci")
            let security = ClientSecurity(authorities: authorities, tokenFile: token)
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .untrusted)
            #expect(error.message.contains("--tls-ca"))
        }
    }

    @Test func aCertificateOfAnotherHostIsNotTrusted() async throws {
        try await TLSHouse.run { house in
            var security = ClientSecurity(
                authorities: house.auth.authority,
                tokenFile: try house.token("ci")
            )
            try house.renew(["farm.example"])
            let error = try await house.refusal(.submitter, security)
            #expect(error.code == .untrusted)
            #expect(error.message.contains("--tls-name"))
            security.serverName = "farm.example"
            await (try house.connect(.submitter, security)).close()
            try house.renew(["127.0.0.1"])
        }
    }

    // TLS buffers too: what waits for a slow reader is counted beneath it.
    @Test func whoReadsNothingIsClosed() async throws {
        try await TLSHouse.run { house in
            let other = try await house.connect(.submitter, token: try house.token("good"))
            let before = try await connections(other)
            let token = try SecretFile.token(try house.token("ci"))
            let raw = try await asked(house, codecs: [])
            raw.send(try frame(kind: .auth) { Auth(mechanism: "token", data: token) })
            let answer = try #require(try await raw.readFrame())
            #expect(answer.header.kind == .authOK)
            try await raw.stopReading()
            #expect(try await connections(other) == before + 1)
            // It asks on and on, at the pace at which the scheduler answers another.
            var id: UInt32 = 1
            while try await connections(other) > before {
                var requests: [UInt8] = []
                for _ in 0..<32 {
                    requests += try frame(kind: .request, .metrics, id: id) {
                        Metrics.Request(prefix: "")
                    }
                    id += 2
                }
                raw.send(requests)
            }
            await other.close()
        }
    }

    private func connections(_ connection: RPCConnection) async throws -> Double {
        let answer = try await connection.call(Metrics.self, Metrics.Request(prefix: ""))
        return try #require(answer.samples.first { $0.name.hasSuffix("connections") }).value
    }

    @Test func aSilentClientIsClosedInTime() async throws {
        try await TLSHouse.run { house in
            let clock = ContinuousClock()
            let start = clock.now
            let silent = try await RawTLS.connect(house.port, nil)
            let half = try await RawTLS.connect(house.port, nil)
            half.send([22])
            let before = try await RawTLS.connect(house.port, try context(house))
            _ = await before.readAll()
            // How late it may be is the machine's; SessionAuthTests has the bounds from above.
            #expect(clock.now - start >= Limits.prefaceTime - .milliseconds(100))
            let answers = [await silent.readAll(), await half.readAll()]
            #expect(answers == [[], []])
            #expect(clock.now - start >= Limits.handshakeTime - .milliseconds(100))
        }
    }
}
