// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of commands under the helper

import Foundation
import ReelworkCore
import ReelworkEngineKit
import Testing

@testable import ReelworkWorker

/// Commands under the helper.
///
/// Goal: ends, output and limits come out as they are, and nothing of the agent leaks in. Method:
/// small real programs.
@Suite(.timeLimit(.minutes(1)))
struct CommandRunnerTests {
    let folder: TestFolder
    let runner: CommandRunner

    init() throws {
        folder = try TestFolder()
        runner = CommandRunner(
            helper: try #require(TestPrograms.path("reelwork-exec")),
            environment: CommandEnvironment(overrides: ["PATH": "/usr/bin:/bin"])
        )
    }

    func run(_ words: [String], bytesMax: Int = 4_096, timeMax: Duration? = nil) async
        -> CommandOutcome
    {
        let plan = CommandPlan(
            program: words[0],
            arguments: Array(words.dropFirst()),
            output: .kept(bytesMax: bytesMax),
            timeMax: timeMax
        )
        return await runner.run(plan, in: folder.path)
    }

    @Test func tellsTheEndAndKeepsTheOutput() async {
        let done = await run(["sh", "-c", "printf out; printf err >&2; exit 7"])
        #expect(done.end == .exited(7))
        #expect(done.outputText == "out" && done.logText == "err")
        #expect(await run(["sh", "-c", "kill -11 $$"]).end == .signaled(11))
        #expect(await run(["true"]).isSuccess)
    }

    @Test func tellsWhatIsNotThere() async {
        guard case .notStarted(let why) = await run(["no-such-program"]).end else {
            Issue.record("it started")
            return
        }
        #expect(why == "there is no no-such-program in PATH")
        let lost = CommandRunner(helper: "/nonexistent/reelwork-exec")
        let plan = CommandPlan(program: "true", arguments: [], output: .kept(bytesMax: 1))
        guard case .notStarted = await lost.run(plan, in: folder.path).end else {
            Issue.record("it started")
            return
        }
    }

    @Test func boundsWhatIsPrinted() async {
        let loud = await run(["sh", "-c", "yes | head -c 300000; yes | head -c 300000 >&2"])
        #expect(loud.isSuccess)
        #expect(loud.output.count == 4_096)
        #expect(loud.logTail.count == Limits.logTailBytesMax)
    }

    @Test func endsWhatTakesTooLong() async {
        let slow = await run(["sleep", "infinity"], timeMax: .milliseconds(50))
        #expect(slow.end == .timedOut)
    }

    @Test(arguments: [
        // The graces asked for, whether TERM comes at all, and the least that it takes.
        ([Duration.zero], false, Duration.zero),
        ([.milliseconds(1_200)], true, .milliseconds(1_200)),
        ([.seconds(600), .milliseconds(700)], true, .milliseconds(700)),
        ([.seconds(600), .zero], true, .zero),
    ])
    func givesTheGraceThatIsAskedFor(
        _ graces: [Duration],
        _ hasTerm: Bool,
        _ least: Duration
    ) async {
        let handle = CommandHandle()
        let (lines, inbox) = AsyncStream.makeStream(of: EngineProgress.self)
        let plan = CommandPlan(
            program: "sh",
            arguments: [
                "-c",
                "trap 'echo term' TERM; echo ready; while :; do sleep 1000 & wait; done",
            ],
            output: .progress
        )
        let (runner, folder) = (runner, folder)
        async let outcome = runner.run(
            plan,
            in: folder.path,
            parser: AnyLine(),
            handle: handle,
            listener: CommandRunner.Listener(progressed: { inbox.yield($0) })
        )
        var line = lines.makeAsyncIterator()
        _ = await line.next()
        let start = ContinuousClock.now
        handle.stop(grace: graces[0])
        // The next order comes only after TERM has.
        var isTermSeen = false
        for grace in graces.dropFirst() {
            isTermSeen = await line.next() != nil
            handle.stop(grace: grace)
        }
        #expect(await outcome.end == .signaled(SIGKILL))
        let duration = ContinuousClock.now - start
        inbox.finish()
        while await line.next() != nil { isTermSeen = true }
        #expect(isTermSeen == hasTerm)
        #expect(duration >= least && duration < least + .seconds(10), "\(duration)")
    }

    // Security checklist 12 (environment and descriptors).
    @Test func leaksNothingOfTheAgent() async {
        // Goal: no variable but the fixed ones, no descriptor but three, no core, the own folder.
        let said = await run(
            ["sh", "-c", "env | cut -d= -f1 | sort; ls /proc/self/fd | wc -l; ulimit -c; pwd"]
        )
        let lines = said.outputText.split(separator: "\n").map(String.init)
        let known: Set = [
            "GST_PLUGIN_PATH", "GST_PLUGIN_SYSTEM_PATH", "GST_REGISTRY", "HOME", "LANG",
            "LD_LIBRARY_PATH", "PATH", "PWD", "REELWORK_FAKE_LOG", "REELWORK_FAKE_MS", "TMPDIR",
            "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "OLDPWD", "SHLVL", "_",
        ]
        #expect(lines.count > 5)
        #expect(lines.dropLast(3).allSatisfy { known.contains($0) }, "\(lines)")
        // Three, and the one that ls reads the folder by.
        #expect(lines.dropLast(2).last == "4")
        #expect(lines.dropLast().last == "0")
        #expect(lines.last == folder.path)
    }

    @Test func stopsWhenItIsToldBeforeItBegins() async {
        let handle = CommandHandle()
        handle.stop()
        let plan = CommandPlan(
            program: "sleep",
            arguments: ["infinity"],
            output: .kept(bytesMax: 1)
        )
        let outcome = await runner.run(plan, in: folder.path, handle: handle)
        #expect(outcome.end == .signaled(SIGTERM))
    }

    @Test func readsTheLogWhileItRuns() async {
        // Goal: what LOG_READ asks for is there before the end. Method: the program writes to its
        // log, then tells of progress without end; it is stopped once the log was read.
        let handle = CommandHandle()
        let plan = CommandPlan(
            program: "sh",
            arguments: ["-c", "echo noise >&2; while sleep 0.01; do echo frame; done"],
            output: .progress
        )
        let seen = Seen()
        let outcome = await runner.run(
            plan,
            in: folder.path,
            parser: AnyLine(),
            handle: handle,
            listener: CommandRunner.Listener(progressed: { _ in
                let piece = handle.log.read(from: UInt64(seen.log.bytes.count))
                seen.log.append(piece.data)
                if !seen.log.bytes.isEmpty { handle.stop() }
            })
        )
        #expect(outcome.end == .signaled(SIGTERM))
        #expect(seen.log.bytes == Array("noise\n".utf8))
    }

    final class Seen: Sendable { let log = LogTail() }

    /// Takes every piece for progress.
    struct AnyLine: ProgressParser {
        var last: EngineProgress?

        mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? {
            last = EngineProgress(media: .zero)
            return last
        }
    }
}

/// Takes anything that is printed for progress.
private struct AnyLine: ProgressParser {
    private(set) var last: EngineProgress?

    mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? {
        last = EngineProgress()
        return last
    }
}
