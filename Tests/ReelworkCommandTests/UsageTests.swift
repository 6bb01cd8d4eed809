// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the program's exit codes

import Foundation
import Testing

// Goal: what is typed wrongly ends with 2 and says what to do on standard error; what cannot be
// reached ends with 69. Method: the built program is run, without a scheduler.
struct UsageTests {
    private struct Run {
        var status: Int32
        var output: String
        var errors: String
    }

    private static func run(_ arguments: [String]) throws -> Run {
        let folder = try #require(
            Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
                .deletingLastPathComponent()
                ?? Bundle.main.executableURL?.deletingLastPathComponent()
        )
        let process = Process()
        process.executableURL = folder.appendingPathComponent("reelwork")
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus,
            output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self)
        )
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (["nonsense"], "there is no subcommand nonsense"),
            (["submti"], "did you mean `reelwork submit`?"),
            (["jobs", "--nonsense"], "--nonsense"),
            (["jobs"], "no scheduler is named"),
            (["admin", "check"], "no admin socket is named"),
            (["jobs", "--state", "sleeping"], "timed_out"),
            (["job", "show"], "<job>"),
            (["job", "show", "1x"], "1x"),
            (["submit", "--output", "b"], "--input is missing"),
            (["submit", "--input", "a", "--output", "b", "--timeout", "soon"], "such as 10s"),
            (["submit", "--input", "a", "--output", "b", "--timeout", "0"], "--timeout"),
            (["submit", "--input", "a", "--output", "b", "--count", "2"], "{n}"),
            (["submit", "--input", "a", "--output", "b", "--set", "crf"], "KEY=VALUE"),
            (["submit", "--from", "x", "--input", "a"], "--from goes without"),
            (["serve", "--data", "x", "--listen", "tcp:0.0.0.0:1"], "needs a certificate"),
            (["serve", "--data", "x", "--listen", "tcp:127.0.0.1:1"], "--insecure-loopback"),
            (
                [
                    "serve", "--data", "x", "--listen", "tcp:127.0.0.1:1", "--insecure-loopback",
                    "--tls-cert", "a", "--tls-key", "b",
                ],
                "turns TLS off"
            ),
            (
                ["serve", "--data", "x", "--listen", "tcp:127.0.0.1:1", "--tls-cert", "a"],
                "belong together"
            ),
            (["serve", "--data", "x", "--tls-cert", "a", "--tls-key", "b"], "no tcp: endpoint"),
            (
                ["serve", "--data", "x", "--listen", "tcp:0.0.0.0:1", "--insecure-loopback"],
                "other machines"
            ),
            (["jobs", "--connect", "tcp:192.0.2.1:7411"], "--tls-ca"),
            (["jobs", "--connect", "tcp:farm.example:1", "--token-file", "x"], "--tls-ca"),
            (["jobs", "--connect", "tcp:a:1", "--tls-ca", "x", "--tls-cert", "y"], "together"),
            (["jobs", "--connect", "tcp:a:1", "--tls-ca", "/nowhere"], "/nowhere"),
            (["worker", "--connect", "tcp:a:1", "--tls-ca", "/nowhere"], "/nowhere"),
            (["auth", "list"], "--dir"),
            (["auth", "cert", "--dir", "x", "--role", "admin", "--name", "a"], "admin socket"),
            (["auth", "cert", "--dir", "x", "--role", "king", "--name", "a"], "operator"),
            (["auth", "cert", "--dir", "x", "--role", "worker"], "--name"),
            (["auth", "cert", "--dir", "x", "--role", "worker", "--name", "a/b"], "letters"),
            (["auth", "cert", "--dir", "x", "--role", "server"], "--host"),
            (["auth", "cert", "--dir", "x", "--role", "server", "--host", "a b"], "neither"),
            (["auth", "token", "--dir", "x", "--role", "server", "--name", "a"], "auth cert"),
            (
                [
                    "auth", "token", "--dir", "x", "--role", "reader", "--name", "a", "--expires",
                    "soon",
                ],
                "never"
            ),
            (["auth", "revoke", "--dir", "x"], "taken back"),
            (["serve", "--data", String(repeating: "x", count: 120)], "at most 107"),
            (["worker", "--connect", "nothing"], "no endpoint"),
            (["admin", "recover", "--reason", "x"], "--all-orphans"),
            (["admin", "requeue", "1", "--reason", " "], "--reason is empty"),
        ]
    )
    func endsWithTwoWhereTheUsageIsWrong(_ arguments: [String], _ words: String) throws {
        let run = try Self.run(arguments)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("reelwork: "))
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test(.timeLimit(.minutes(1)))
    func endsWith69WhereNobodyAnswers() throws {
        let run = try Self.run(["jobs", "--connect", "unix:/nonexistent/reelwork.sock"])
        #expect(run.status == 69)
        #expect(run.errors.contains("reelwork serve --data DIR"))
        #expect(!run.errors.contains("errno"))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            [], ["serve"], ["worker"], ["submit"], ["jobs"], ["job"], ["job", "show"],
            ["job", "watch"], ["job", "cancel"], ["job", "history"], ["job", "log"], ["workers"],
            ["workers", "list"], ["workers", "show"], ["engines"], ["engines", "list"],
            ["engines", "probe"], ["engines", "explain"], ["admin"], ["admin", "metrics"],
            ["admin", "history"], ["admin", "recover"], ["admin", "requeue"], ["admin", "fail"],
            ["admin", "loops"], ["admin", "check"], ["demo"],
        ]
    )
    func helpsWithAnExample(_ words: [String]) throws {
        let run = try Self.run(words + ["--help"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("OVERVIEW: "))
        #expect(run.output.contains("reelwork \((words.first ?? "serve"))"))
    }
}
