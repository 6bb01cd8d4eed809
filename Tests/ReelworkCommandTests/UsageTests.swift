// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the program's exit codes

import Foundation
import Glibc
import Testing

// Goal: what is typed wrongly ends with 2 and says what to do on standard error; what cannot be
// reached ends with 69. Method: the built program is run, without a scheduler.
struct UsageTests {
    private struct Run {
        var status: Int32
        var output: String
        var errors: String
    }

    private static func program() throws -> URL {
        let folder = try #require(
            Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
                .deletingLastPathComponent()
                ?? Bundle.main.executableURL?.deletingLastPathComponent()
        )
        return folder.appendingPathComponent("reelwork")
    }

    private static func run(_ arguments: [String]) throws -> Run {
        try run(try program(), arguments)
    }

    private static func run(_ program: URL, _ arguments: [String]) throws -> Run {
        let process = Process()
        process.executableURL = program
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
            (["job", "show", "1x"], "by its number, 12 or #12"),
            (["job", "shwo", "1"], "did you mean `reelwork job show`?"),
            (["job", "12"], "did you mean `reelwork job show 12`?"),
            (["jbo", "show", "1"], "did you mean `reelwork job`?"),
            (["workers", "lsit"], "did you mean `reelwork workers list`?"),
            (["admin", "requeu", "1"], "did you mean `reelwork admin requeue`?"),
            (["engines", "transmogrify"], "see `reelwork engines --help`"),
            (["jobs", "--state", "runing"], "did you mean running?"),
            (["jobs", "--queue", "bach"], "did you mean batch?"),
            (["jobs", "--limit", "0"], "from 1 to 1000000"),
            (["jobs", "--limit", "-1"], "from 1 to 1000000"),
            (["job", "log", "1", "--attempt", "0"], "from 1 to 4294967295"),
            (["submit", "--input", "a", "--output", "b", "--count", "-1"], "from 1 to 1000000"),
            (["submit", "--input", "a", "--output", "b", "--retries", "-1"], "from 0 to 1000"),
            (
                ["submit", "--input", "a", "--output", "b", "--timeout", "-1s"],
                "longer than nothing"
            ),
            (["submit", "--input", "a", "--output", "b", "--queue", "lve"], "did you mean live?"),
            (
                ["submit", "--input", "a", "--output", "b", "--priority", "hihg"],
                "did you mean high?"
            ),
            (["admin", "--socket", "/nonexistent/admin.sock", "lops"], "lops"),
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
            (["job", "retry"], "<job>"),
            (["job", "retry", "1"], "no scheduler is named"),
            (["job", "bump", "1x"], "by its number, 12 or #12"),
            (["queue", "pause", "bach", "--reason", "x"], "did you mean batch?"),
            (["queue", "pause", "batch"], "--reason"),
            (["workers", "drain", "w", "--within", "soon", "--reason", "x"], "such as 10s"),
            (["workers", "remove", "w", "--reason", " "], "--reason is empty"),
            (["admin", "loop", "cleanup", "strat", "--reason", "x"], "did you mean start?"),
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
        let tcp = try Self.run(["jobs", "--connect", "tcp:127.0.0.1:1"])
        #expect(tcp.status == 69)
        #expect(tcp.errors.contains("nothing listens there"), "\(tcp.errors)")
    }

    // Root passes every permission, so that only others can be told.
    @Test(.timeLimit(.minutes(1)), .enabled(if: geteuid() != 0))
    func aSocketOfAnotherUserIsNoSchedulerThatHasToBeStarted() throws {
        let folder = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0]
        )
        defer { rmdir(folder) }
        let run = try Self.run(["admin", "check", "--socket", "\(folder)/admin.sock"])
        #expect(run.status == 77)
        #expect(run.errors.contains("run as the scheduler's user"), "\(run.errors)")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            [], ["serve"], ["worker"], ["submit"], ["jobs"], ["job"], ["job", "show"],
            ["job", "watch"], ["job", "cancel"], ["job", "retry"], ["job", "bump"],
            ["queue"], ["queue", "pause"], ["queue", "resume"], ["workers", "drain"],
            ["workers", "resume"], ["workers", "remove"], ["admin", "loop"], ["job", "history"],
            ["job", "log"], ["workers"],
            ["workers", "list"], ["workers", "show"], ["engines"], ["engines", "list"],
            ["engines", "probe"], ["engines", "explain"], ["admin"], ["admin", "metrics"],
            ["admin", "history"], ["admin", "recover"], ["admin", "requeue"], ["admin", "fail"],
            ["admin", "loops"], ["admin", "check"], ["demo"], ["import"],
        ]
    )
    func helpsWithAnExample(_ words: [String]) throws {
        let run = try Self.run(words + ["--help"])
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(run.output.contains("OVERVIEW: "))
        #expect(run.output.contains("reelwork \((words.first ?? "serve"))"))
    }

    /// What a line of the shell ends with, and what it says.
    private static func shell(_ line: String) throws -> Run {
        let program = try program()
        return try run(URL(fileURLWithPath: "/bin/bash"), ["-c", line, program.path])
    }

    // What cannot be printed ends the program: half a list must not pass for the whole.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (#""$0" engines list > /dev/full"#, "No space left on device"),
            (#""$0" engines list --json > /dev/full"#, "No space left on device"),
            (#""$0" --help > /dev/full"#, "No space left on device"),
            (#""$0" engines list >&-"#, "Bad file descriptor"),
        ]
    )
    func endsWithOneWhereNothingCanBePrinted(_ line: String, _ words: String) throws {
        let run = try Self.shell(line)
        #expect(run.status == 1, "\(run)")
        #expect(run.errors == "reelwork: cannot write standard output: \(words)\n")
    }

    // A reader that has enough ends it as it ends `cat`: by SIGPIPE, without a word.
    @Test(.timeLimit(.minutes(1)))
    func endsBySIGPIPEWhereTheReaderHasEnough() throws {
        let run = try Self.shell(#""$0" engines list | true; echo "${PIPESTATUS[0]}""#)
        #expect(run.output == "141\n", "\(run)")
        #expect(run.errors.isEmpty)
    }

    // A closed descriptor must not become that of a socket or file which then gets the output.
    @Test(.timeLimit(.minutes(1)))
    func saysWhyOnStandardErrorThoughStandardInputIsClosed() throws {
        let run = try Self.shell(#""$0" jobs --connect unix:/nonexistent/x.sock <&- >&-"#)
        #expect(run.status == 69, "\(run)")
        #expect(run.errors.contains("reelwork serve --data DIR"))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ["admin", "--socket", "/nonexistent/admin.sock", "loops"],
            ["admin", "loops", "--socket", "/nonexistent/admin.sock"],
        ]
    )
    func takesTheAdminSocketBeforeAndBehindTheSubcommand(_ arguments: [String]) throws {
        let run = try Self.run(arguments)
        #expect(run.status == 69, "\(run)")
        #expect(run.errors.contains("/nonexistent/admin.sock"))
    }
}
