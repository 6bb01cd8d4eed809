// SPDX-License-Identifier: Apache-2.0
// Reelwork: bad sockets, folders and peers

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import ReelworkWire
import Testing

extension IntegrationTests {
    /// Goal: a scheduler that cannot start says why and what to do; one that runs is not disturbed.
    ///
    /// Method: the real program with bad folders and sockets, and bytes that nobody should send.
    @Suite(.timeLimit(.minutes(1)))
    struct BadServerTests {
        @Test func aSocketPathThatIsTooLongIsNamedWithItsLimit() async throws {
            try await House.open { house in
                let folder = house.path + "/" + String(repeating: "x", count: 100)
                let answer = try await house.reelwork(["serve", "--data", folder])
                #expect(answer.status == 2, "\(answer)")
                for word in ["107", "shorter", folder] { #expect(answer.errors.contains(word)) }
                #expect(!FileManager.default.fileExists(atPath: folder), "the folder was made")
                let asked = try await house.reelwork([
                    "jobs", "--connect", "unix:\(folder)/reelwork.sock",
                ])
                #expect(asked.status == 2, "\(asked)")
                #expect(asked.errors.contains("107"), "\(asked)")
            }
        }

        @Test func theSocketsOfADeadSchedulerAreReplaced() async throws {
            try await House.open { house in
                try await house.serve().kill9()
                #expect(FileManager.default.fileExists(atPath: house.socket))
                let refused = try await house.reelwork(["jobs"])
                #expect(refused.status == 69, "\(refused)")
                #expect(refused.errors.contains("no scheduler answers"), "\(refused)")
                #expect(refused.errors.contains("start it again"), "\(refused)")
                try await house.serve()
                #expect(try await house.reelwork(["jobs"]).status == 0)
                var facts = stat()
                for socket in [house.socket, house.adminSocket] {
                    #expect(stat(socket, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
                }
                #expect(stat(house.data, &facts) == 0 && facts.st_mode & 0o777 == 0o700)
            }
        }

        @Test func aFileWhereTheSocketShouldBeIsLeftAlone() async throws {
            try await House.open { house in
                let path = house.path + "/file"
                try Data("of somebody else".utf8).write(to: URL(fileURLWithPath: path))
                let answer = try await house.reelwork([
                    "serve", "--data", house.data, "--listen", "unix:\(path)",
                ])
                #expect(answer.status == 1, "\(answer)")
                #expect(answer.errors.contains("no socket"), "\(answer)")
                #expect(FileManager.default.contents(atPath: path) == Data("of somebody else".utf8))
            }
        }

        @Test func aSecondSchedulerOnTheSameFolderOrSocketIsRefusedAndTheFirstGoesOn() async throws
        {
            try await House.open { house in
                let first = try await house.serve()
                try await house.worker("w1")
                let second = try await house.reelwork(["serve", "--data", house.data])
                #expect(second.status == 1, "\(second)")
                for word in ["another scheduler", "\(first.pid)", "stop it first"] {
                    #expect(second.errors.contains(word), "\(second)")
                }
                let third = try await house.reelwork([
                    "serve", "--data", house.path + "/other", "--listen", house.endpoint,
                ])
                #expect(third.status == 1, "\(third)")
                #expect(third.errors.contains("another server answers"), "\(third)")
                try await Self.expectService(house)
            }
        }

        @Test(
            .enabled(if: Unprivileged.obstacle == nil, "no user can be found whom permissions bind")
        )
        func aDataFolderThatMayNotBeWrittenIsRefusedAsNotPermitted() async throws {
            try await House.open { house in
                chmod(house.path, 0o755)
                try FileManager.default.createDirectory(
                    atPath: house.data,
                    withIntermediateDirectories: false
                )
                chmod(house.data, 0o555)
                let (program, arguments) = try Unprivileged.command(["serve", "--data", house.data])
                let run = try house.startProgram(program, arguments, name: "serve")
                #expect(try await run.end() == .exited(77), "\(run.errors)")
                for word in ["no permission", house.data, "--data"] {
                    #expect(run.errors.contains(word), "\(run.errors)")
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: house.data) == [])
                let made = try Unprivileged.command(["serve", "--data", house.data + "/new"])
                let inner = try house.startProgram(made.program, made.arguments, name: "serve")
                #expect(try await inner.end() == .exited(77), "\(inner.errors)")
            }
        }

        /// Bytes that are not this protocol's, or are but are wrong.
        private static let garbage: [[UInt8]] = [
            Array("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
            Array("POST / HTTP/1.0\r\nContent-Length: 1000000\r\n\r\n".utf8),
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03],
            [UInt8](repeating: 0, count: 4_096),
            [UInt8](repeating: 0xFF, count: 70_000),
            (0..<10_000).map { _ in UInt8.random(in: 0...255) },
            ClientPreface(role: .submitter).encoded + [UInt8](repeating: 0xA5, count: 4_096),
        ]

        // Both sockets; the connection is closed, at most a farewell comes, and all goes on.
        @Test func garbageAndHTTPAreHungUpOnAndTheServiceGoesOn() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                try await house.worker("w1")
                for path in [house.socket, house.adminSocket] {
                    for bytes in Self.garbage {
                        let raw = try RawSocket(path)
                        raw.send(bytes)
                        let answer = try raw.read()
                        #expect(answer.count < 256, "\(answer.count) bytes came back")
                        let text = String(decoding: answer, as: UTF8.self)
                        #expect(!text.contains("HTTP"), "it speaks HTTP")
                    }
                }
                // After a good handshake too.
                let raw = try RawSocket(house.socket)
                try raw.shakeHands()
                raw.send([UInt8](repeating: 0xA5, count: 4_096))
                _ = try raw.read()
                #expect(scheduler.ending == nil)
                try await Self.expectService(house)
                #expect(try await house.reelwork(["admin", "check", "--deep"]).status == 0)
            }
        }

        private static func expectService(_ house: House) async throws {
            let client = try await house.client()
            let number = try await house.submit(client, "fake", "good")
            try await house.wait(client, number, .completed, within: .seconds(10))
            await client.close()
        }
    }
}
