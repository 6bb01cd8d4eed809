// SPDX-License-Identifier: Apache-2.0
// Reelwork: the reference client over TLS

import Foundation
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: security.md is enough for a client of another language, and what it says is refused is
    /// refused, on both sides.
    ///
    /// Method: the client that was written from the pages, with what `reelwork auth` makes, against
    /// the real scheduler; and small programs in Python that do one thing wrong.
    @Suite(.timeLimit(.minutes(1)))
    struct ReferenceTLSTests {
        private static let count = 12

        private static func serve(
            _ house: House,
            _ material: TLSMaterial
        ) async throws -> ReferenceProgram {
            let server = try await house.serve([
                "--listen", material.endpoint, "--listen", house.endpoint,
            ])
            return ReferenceProgram(house: house, server: server, endpoint: material.endpoint)
        }

        // A token submits and a certificate works and watches, with frames compressed or not: never
        // before AUTH_OK, and never AUTH itself.
        @Test(arguments: [false, true])
        func submitsWithATokenAndWorksWithACertificate(_ isPlain: Bool) async throws {
            try await House.open { house in
                let material = try await TLSMaterial.make(house)
                let token = try await material.token("submitter", "ci")
                let worker = try await material.certificate("worker", "w1")
                let reader = try await material.certificate("reader", "eye")
                let reference = try await Self.serve(house, material)
                let plain = isPlain ? ["--plain"] : []
                try house.write("a film", to: "film.in")
                let sent = try await reference.run(
                    ["submit", "--trace", "--key", "k", "--count", "\(Self.count)"]
                        + ["--engine", "ffmpeg", "--input", "\(house.media)/film.in"]
                        + ["--output", "\(house.media)/{n}.mp4"] + token.options + plain
                )
                #expect(sent.status == 0, "\(sent)")
                let frames = sent.errors.split(separator: "\n").map(String.init)
                #expect(
                    frames.prefix(4).map { $0.split(separator: " ").prefix(2).joined() }
                        == [">HELLO", "<HELLO_ACK", ">AUTH", "<AUTH_OK"],
                    "\(sent)"
                )
                #expect(frames.prefix(4).allSatisfy { $0.contains(" plain ") }, "\(sent)")
                #expect(frames.contains { $0.contains(" compressed ") } != isPlain, "\(sent)")

                let work = ["work", "--name", "w1", "--jobs", "\(Self.count)"] + worker + plain
                let worked = try await reference.run(work)
                #expect(worked.status == 0, "\(worked)")
                let keys = (1...Self.count).map { "key:k-\($0)" }
                let seen = try await reference.run(["watch", "--trace"] + keys + reader + plain)
                #expect(seen.status == 0, "\(seen)")
                #expect(!seen.errors.contains("AUTH"), "a certificate is asked for no token")
                let history = try await house.reelwork(["job", "history", "1"])
                #expect(history.output.contains("token:ci"), "\(history)")
                #expect(history.output.contains("worker:w1"), "\(history)")
            }
        }

        @Test func whatIsNotGoodIsRefusedByItsCode() async throws {
            try await House.open { house in
                let material = try await TLSMaterial.make(house)
                let token = try await material.token("submitter", "ci")
                let worker = try await material.certificate("worker", "w1")
                let known = ["--tls-ca", material.authority]
                let reference = try await Self.serve(house, material)
                // Another secret under the same id.
                let text = try String(contentsOfFile: token.path, encoding: .utf8)
                let wrong = house.path + "/wrong.token"
                let digits = text.trimmingCharacters(in: .newlines).dropLast()
                let last: Character = text.contains("0\n") ? "1" : "0"
                try Data((digits + [last]).utf8).write(to: URL(fileURLWithPath: wrong))
                let foreign = TLSMaterial(house: house, port: material.port, name: "foreign")
                try await foreign.auth(["ca"])
                let stranger = try await foreign.certificate("operator", "op")
                let table: [(options: [String], words: String)] = [
                    (known + ["--token-file", wrong], "AUTH_FAILED"),
                    (known, "give a certificate or a token"),
                    // Its role is another one than the preface says.
                    (worker, "DENIED"),
                    (known + Array(stranger.dropFirst(2)), "ALERT_UNKNOWN_CA"),
                    (["--tls-ca", foreign.authority], "CERTIFICATE_VERIFY_FAILED"),
                    (token.options + ["--tls-name", "farm.example"], "Hostname mismatch"),
                    ([], "the server speaks TLS"),
                ]
                for (options, words) in table {
                    let answer = try await reference.run(["jobs"] + options)
                    #expect(answer.status == 2 && answer.errors.contains(words), "\(answer)")
                }
                // A worker's certificate is for one name; a worker that is refused so ends.
                let other = try await reference.run(["work", "--name", "w2"] + worker)
                #expect(other.status == 2 && other.errors.contains("DENIED"), "\(other)")
                try await material.auth(["revoke", "ci"])
                try await eventually("the token's end") {
                    reference.server.errors.contains("Read the register of credentials again")
                }
                let revoked = try await reference.run(["jobs"] + token.options)
                #expect(revoked.status == 2 && revoked.errors.contains("AUTH_FAILED"))
                #expect(revoked.errors.contains("revoked"), "\(revoked)")
            }
        }

        // TLS 1.2 alone is refused by both sides, and so is a peer without `reelwork/1` in ALPN.
        @Test func olderTLSAndOtherProtocolsAreRefused() async throws {
            try await House.open { house in
                let material = try await TLSMaterial.make(house)
                let token = try await material.token("submitter", "ci")
                let reference = try await Self.serve(house, material)
                for (version, answer) in [("1_2", "PROTOCOL_VERSION"), ("1_3", "TLSv1.3")] {
                    let client = try Self.python(
                        house,
                        Self.client,
                        [version, material.authority, "\(material.port)"]
                    )
                    #expect(try await client.end() == .exited(0), "\(client.errors)")
                    #expect(client.output.contains(answer), "\(client.output)")
                }
                let known = ["jobs"] + token.options
                let refusals = [
                    ("1_2", "reelwork/1", "PROTOCOL_VERSION"), ("1_3", "other/1", "ALPN"),
                ]
                for (version, alpn, words) in refusals {
                    let server = try Self.python(
                        house,
                        Self.server,
                        [
                            version, alpn, "\(material.folder)/server.pem",
                            "\(material.folder)/server.key",
                        ]
                    )
                    let port = try await eventually("the port") {
                        UInt16(server.output.trimmingCharacters(in: .newlines))
                    }
                    let answer = try await reference.run(known, to: "tcp:127.0.0.1:\(port)")
                    #expect(answer.status == 2 && answer.errors.contains(words), "\(answer)")
                }
            }
        }

        private static func python(
            _ house: House,
            _ text: String,
            _ arguments: [String]
        ) throws -> ProgramRun {
            try house.startProgram(
                "/usr/bin/env",
                ["python3", "-c", text] + arguments,
                name: "python",
                engines: .real
            )
        }

        /// Shakes hands with nothing but one version of TLS, and says what came of it.
        private static let client = """
            import socket, ssl, sys
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            version = getattr(ssl.TLSVersion, "TLSv" + sys.argv[1])
            context.minimum_version = context.maximum_version = version
            context.load_verify_locations(sys.argv[2])
            context.set_alpn_protocols(["reelwork/1"])
            plain = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
            try:
                print(context.wrap_socket(plain, server_hostname="127.0.0.1").version())
            except ssl.SSLError as error:
                print(error.reason)
            """

        /// Takes one connection with one version of TLS and one protocol in ALPN.
        private static let server = """
            import socket, ssl, sys
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            version = getattr(ssl.TLSVersion, "TLSv" + sys.argv[1])
            context.minimum_version = context.maximum_version = version
            context.set_alpn_protocols([sys.argv[2]])
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            listener = socket.create_server(("127.0.0.1", 0))
            print(listener.getsockname()[1], flush=True)
            try:
                context.wrap_socket(listener.accept()[0], server_side=True).recv(16)
            except OSError:
                pass
            """
    }
}
