// SPDX-License-Identifier: Apache-2.0
// Reelwork: a fleet over TLS

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Testing

extension IntegrationTests {
    /// Goal: what `reelwork auth` makes is all that a fleet over TCP needs, and what it takes back
    /// ends while the scheduler runs.
    ///
    /// Method: the real programs with certificates and tokens on a TCP port of loopback.
    @Suite(.timeLimit(.minutes(1)))
    struct NetworkTests {
        private func auth(_ house: House, _ arguments: [String]) async throws -> House.Answer {
            let folder = ["--dir", "\(house.data)/auth"]
            let answer = try await house.reelwork(["auth"] + arguments + folder)
            #expect(answer.status == 0, "\(answer)")
            return answer
        }

        private func submit(
            _ house: House,
            _ name: String,
            _ connection: [String]
        ) async throws -> House.Answer {
            try house.write("fake MS=50", to: "\(name).in")
            return try await house.reelwork(
                [
                    "submit", "--wait", "--engine", "ffmpeg", "--input",
                    "\(house.media)/\(name).in", "--output", "\(house.media)/\(name).mp4",
                ] + connection
            )
        }

        @Test func aFleetWorksOverTLSAndLosesWhatIsRevoked() async throws {
            try await House.open { house in
                let port = try FreePort.find()
                _ = try await auth(house, ["ca"])
                let server = ["cert", "--role", "server", "--host", "127.0.0.1"]
                _ = try await auth(house, server)
                _ = try await auth(house, ["cert", "--role", "worker", "--name", "w1"])
                let token = house.path + "/ci.token"
                let asked = ["token", "--role", "submitter", "--name", "ci", "--out", token]
                _ = try await auth(house, asked)

                let serve = try await house.serve([
                    "--listen", "tcp:127.0.0.1:\(port)", "--listen", house.endpoint,
                ])
                let network = [
                    "--connect", "tcp:127.0.0.1:\(port)", "--tls-ca", "\(house.data)/auth/ca.pem",
                ]
                let worker = try await house.worker(
                    "w1",
                    network + [
                        "--tls-cert", "\(house.data)/auth/w1.pem", "--tls-key",
                        "\(house.data)/auth/w1.key",
                    ]
                )
                let sent = network + ["--token-file", token]
                let done = try await submit(house, "a", sent)
                #expect(done.status == 0, "\(done)")
                let history = try await house.reelwork(["job", "history", "1"] + sent)
                #expect(history.output.contains("token:ci"), "\(history)")

                // The token ends while the scheduler runs; the worker and others go on.
                _ = try await auth(house, ["revoke", "ci"])
                try await eventually("the token's end") {
                    serve.errors.contains("Read the register of credentials again")
                }
                let refused = try await submit(house, "b", sent)
                #expect(refused.status == 77, "\(refused)")
                #expect(refused.errors.contains("revoked"), "\(refused)")
                let local = try await submit(house, "c", [])
                #expect(local.status == 0, "\(local)")

                // The worker's connection is cut, and it is not let in again.
                _ = try await auth(house, ["revoke", "w1"])
                try await eventually("the worker's end") { worker.errors.contains("was revoked") }
            }
        }

        @Test func filesOfSecretsAreForTheirOwnerAlone() async throws {
            try await House.open { house in
                let made = try await auth(house, ["ca"])
                #expect(!made.output.contains("PRIVATE KEY"))
                _ = try await auth(house, ["cert", "--role", "worker", "--name", "w1"])
                let token = try await auth(house, ["token", "--role", "worker", "--name", "w2"])
                let secret = token.output.split(separator: "\n")[0].suffix(64)
                for name in try FileManager.default.contentsOfDirectory(
                    atPath: "\(house.data)/auth"
                ) {
                    var facts = stat()
                    let path = "\(house.data)/auth/\(name)"
                    #expect(stat(path, &facts) == 0)
                    #expect(facts.st_mode & 0o777 == 0o600, "\(name)")
                    let text = try String(contentsOfFile: path, encoding: .utf8)
                    #expect(!text.contains(secret), "\(name)")
                }
                let again = try await house.reelwork(["auth", "ca", "--dir", "\(house.data)/auth"])
                #expect(again.status == 1, "\(again)")
                let list = try await auth(house, ["list", "--json"])
                #expect(list.output.split(separator: "\n").count == 2, "\(list)")
                #expect(!list.output.contains(secret))
            }
        }
    }
}
