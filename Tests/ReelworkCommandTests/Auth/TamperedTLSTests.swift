// SPDX-License-Identifier: Apache-2.0
// Reelwork: a connection whose bytes are changed on their way

import Foundation
import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

@testable import reelwork

// Goal: whatever a man in the middle does to one record of TLS, in the handshake or behind it, the
// connection fails, and nothing that he has touched is accepted. Security checklist 9 (messages
// changed on their way: CVE-2023-49933, Terrapin) and Security checklist 10 (bytes that are put
// before the handshake or between its records: CVE-2021-23222).
// Method: a proxy between a client and a real scheduler changes one record after another, at each
// place of it, drops it, or puts plain bytes before it, until there is no further record.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TamperedTLSTests {
    /// More records than a connection with one request has in one direction.
    private static let recordsMax = 40

    private func item(_ key: String) -> SubmitItem {
        let spec = JobSpec(engine: "ffmpeg", input: "/in/\(key).mov", output: "/out/\(key).mp4")
        return SubmitItem(key: key, spec: spec.encoded)
    }

    /// Submits a job through a proxy: the error, or nothing where it was accepted, and whether the
    /// proxy had meddled by then.
    private func submit(
        _ key: String,
        _ house: TLSHouse,
        _ token: String,
        through proxy: TamperingProxy
    ) async throws -> (error: RPCError?, hasMeddled: Bool) {
        var configuration = SessionConfiguration()
        // What is dropped is missed soon: by the handshake's time, else by the next PING.
        configuration.handshakeTime = .milliseconds(500)
        configuration.keepaliveIdle = .milliseconds(200)
        configuration.keepaliveDead = .milliseconds(600)
        do throws(RPCError) {
            let connection = try await RPCConnection.connect(
                to: .tcp(host: "127.0.0.1", port: proxy.port),
                role: .submitter,
                agent: "test",
                security: ClientSecurity(authorities: house.auth.authority, tokenFile: token),
                configuration: configuration
            )
            let request = SubmitBatch.Request(isAtomic: false, items: [item(key)])
            let answer: SubmitBatch.Response
            do throws(RPCError) {
                answer = try await connection.call(SubmitBatch.self, request)
            } catch {
                await connection.abort()
                throw error
            }
            // What ends the connection comes behind it.
            let hasMeddled = proxy.hasMeddled
            await connection.abort()
            #expect(answer.results.map(\.code) == [.known(.ok)])
            return (nil, hasMeddled)
        } catch {
            return (error, proxy.hasMeddled)
        }
    }

    /// Whether the scheduler has a job of this key.
    private func hasJob(_ key: String, _ connection: RPCConnection) async throws -> Bool {
        do throws(RPCError) {
            _ = try await connection.call(GetJob.self, .init(ref: .key(key), detail: .short))
            return true
        } catch {
            #expect(error.code == .remote(.known(.notFound)))
            return false
        }
    }

    @Test func anHonestProxyChangesNothing() async throws {
        try await TLSHouse.run { house in
            let token = try house.token("ci")
            let proxy = try await TamperingProxy.start(to: house.port, nil)
            let end = try await submit("honest", house, token, through: proxy)
            #expect(end.error == nil)
            let other = try await house.connect(.submitter, token: token)
            #expect(try await hasJob("honest", other))
            await other.close()
            await proxy.close()
        }
    }

    @Test(arguments: TamperingProxy.Fault.allCases, [true, false])
    func oneRecordThatWasTouchedIsTheEnd(
        fault: TamperingProxy.Fault,
        isOfClient: Bool
    ) async throws {
        try await TLSHouse.run { house in
            let token = try house.token("ci")
            let other = try await house.connect(.submitter, token: token)
            var record = 0
            while record < TamperedTLSTests.recordsMax {
                let plan = TamperingProxy.Plan(
                    fault: fault,
                    isOfClient: isOfClient,
                    record: record
                )
                let key = "record-\(record)"
                let proxy = try await TamperingProxy.start(to: house.port, plan)
                let (error, hasMeddled) = try await submit(key, house, token, through: proxy)
                await proxy.close()
                // On a busy machine an honest connection may be too slow for the short times.
                if !hasMeddled, error != nil { continue }
                // There was no such record: all had been seen.
                guard hasMeddled else { break }
                #expect(error != nil, "\(plan)")
                // What the client asked for was changed before it came: no job of it is there. An
                // answer that was changed says nothing, and the client asks again by its key.
                if isOfClient { #expect(try await !hasJob(key, other), "\(plan)") }
                record += 1
            }
            // Hello, the end of the handshake, preface, HELLO, AUTH and the request; as many back.
            #expect(record >= 6)
            #expect(record < TamperedTLSTests.recordsMax)
            await other.close()
        }
    }

    @Test func plainBytesBeforeTheHandshakeAreNotReadAsPartOfIt() async throws {
        try await TLSHouse.run { house in
            let preface = ClientPreface(role: .submitter).encoded
            // A whole plain session, as one who put it before the client's handshake would send.
            let raw = try await RawTLS.connect(house.port, nil)
            raw.send(preface)
            raw.send(try frame(kind: .hello) { Hello(codecs: [], agent: "raw") })
            raw.send(
                try frame(kind: .request, .submitBatch, id: 1) {
                    SubmitBatch.Request(isAtomic: false, items: [item("injected")])
                }
            )
            // The alert of TLS, and nothing of the protocol.
            let answer = await raw.readAll()
            #expect(answer == [21, 3, 3, 0, 2, 2, 10])
            let other = try await house.connect(.submitter, token: try house.token("ci"))
            #expect(try await !hasJob("injected", other))
            await other.close()
        }
    }
}
