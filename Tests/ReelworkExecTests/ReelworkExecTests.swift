// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the encoder's parent, run as the real program.

import CReelworkSystem
import Glibc
import Testing

// Goal: an encoder never outlives the process that asked for it, never dies while that lives, and
// its end is told truly.
// Method: the built program with shells as encoders; every wait is on a pipe or a process
// descriptor, and every process is looked for by its descriptor, so a pid used anew cannot deceive.
@Suite(.timeLimit(.minutes(1)))
struct ReelworkExecTests {
    // MARK: What is reported

    @Test(arguments: [0, 1, 7, 255])
    func anExitCodeIsReported(code: Int) throws {
        let helper = try Helper(["sh", "-c", "exit \(code)"])
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        #expect(end.kind == "exit")
        #expect(end.number == code)
        #expect(end.memoryKiB > 0)
        #expect(helper.report.line() == nil)
        #expect(try helper.exitCode() == 0)
    }

    @Test(arguments: [SIGKILL, SIGSEGV, SIGTERM])
    func aSignalIsReported(number: Int32) throws {
        let helper = try Helper(["sh", "-c", "ulimit -c 0; kill -\(number) $$"])
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        #expect(end.kind == "signal")
        #expect(end.number == Int(number))
        #expect(try helper.exitCode() == 0)
    }

    // Some 0.2 s of processor time, in a process that the encoder leaves to the helper.
    @Test func whatGrandchildrenUsedIsCounted() throws {
        let helper = try Helper(
            ["sh", "-c", "sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; exit 0"])
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        #expect(end.userMicroseconds > 10_000)
    }

    @Test func aProgramThatIsNotThereIsReported() throws {
        for name in ["reelwork-no-such-program", "/reelwork/no/such/program"] {
            let helper = try Helper([name])
            _ = try helper.startedPid()
            #expect(helper.report.lines() == ["error \(ENOENT) exec"])
            #expect(try helper.exitCode() == 127)
        }
    }

    @Test func aProgramThatCannotRunIsReported() throws {
        let folder = try ScratchFolder()
        let locked = try folder.write("locked", "#!/bin/sh\n", mode: 0o600)
        let helper = try Helper([locked])
        _ = try helper.startedPid()
        #expect(helper.report.lines() == ["error \(EACCES) exec"])
        #expect(try helper.exitCode() == 126)
        // Text without "#!": execvp would hand it to a shell.
        let text = try folder.write("text", "echo trouble\n", mode: 0o700)
        let shell = try Helper([text])
        _ = try shell.startedPid()
        #expect(shell.report.lines() == ["error \(ENOEXEC) exec"])
        #expect(shell.output.lines() == [])
        #expect(try shell.exitCode() == 126)
    }

    @Test(arguments: [
        (["--chdir", "/reelwork/no/such/folder"], "chdir"),
        (["--cgroup", "/reelwork/no/such/group"], "cgroup"),
    ])
    func aStepThatFailsIsNamed(options: [String], step: String) throws {
        let helper = try Helper(options: options, ["true"])
        _ = try helper.startedPid()
        #expect(helper.report.lines() == ["error \(ENOENT) \(step)"])
        #expect(try helper.exitCode() == 70)
    }

    @Test(arguments: [
        ["--grace-ms", "-1"], ["--grace-ms", "x"], ["--grace-ms", "600001"], ["--nice", "20"],
        ["--rlimit-as", "-5"], ["--rlimit-nofile", ""], ["--no-such-option"], ["--report-fd", "1"],
        ["--report-fd", "999"], ["--control-fd", "2"], ["--control-fd", "3"], ["sh"],
        ["--rlimit-core", "x"],
    ])
    func aWrongCommandLineStartsNothing(options: [String]) throws {
        let helper = try Helper(options: options, ["sh", "-c", "echo started"])
        #expect(try helper.exitCode() == 64)
        #expect(helper.report.lines() == [])
        #expect(helper.output.lines() == [])
    }

    @Test func aReportFileIsReplacedAsAWhole() throws {
        let folder = try ScratchFolder()
        let helper = try Helper(
            options: ["--report-file", folder.path + "/report"],
            ["sh", "-c", "echo $$; kill -STOP $$; exit 3"]
        )
        let pid = try #require(pid_t(helper.output.line() ?? ""))
        // The encoder stands still, or will: TERM ends it in either case.
        helper.send("t")
        #expect(try helper.exitCode() == 0)
        let lines = try folder.read("report").split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        #expect(lines.first == "started \(pid)")
        let end = try Report(lines.last)
        #expect(end.kind == "signal")
        #expect(folder.names() == ["report"])
        #expect(helper.report.lines() == [])
    }

    @Test func aReportThatCannotBeWrittenIsAFailure() throws {
        let helper = try Helper(
            options: ["--report-file", "/reelwork/no/such/folder/report"],
            ["true"]
        )
        #expect(try helper.exitCode() == 74)
    }

    // MARK: What the encoder gets

    @Test func theEncoderStandsAlone() throws {
        // The shell looks at itself without a pipe or a child, which would show for a moment.
        let helper = try Helper(
            options: ["--chdir", "/proc", "--nice", "3", "--rlimit-nofile", "50"],
            [
                "sh", "-c",
                """
                pwd; nice; ulimit -n; readlink /proc/$$/fd/0
                for n in 0 1 2 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$n ] && printf "$n "; done; echo
                cut -d ' ' -f 5 /proc/$$/stat; exec grep -E 'Sig(Blk|Ign)' /proc/self/status
                """,
            ]
        )
        let pid = try helper.startedPid()
        let lines = helper.output.lines()
        let base = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        try #require(lines.count == 8, "\(lines)")
        #expect(lines[0] == "/proc")
        #expect(lines[1] == "\(min(19, base + 3))")
        #expect(lines[2] == "50")
        #expect(lines[3] == "/dev/null")
        #expect(lines[4] == "0 1 2 ")
        #expect(lines[5] == "\(pid)")
        #expect(lines[6] == "SigBlk:\t0000000000000000")
        // Signals 32 and 33 are the C library's own; its posix_spawn leaves them ignored, and no
        // program can change that through it.
        let ignored = try #require(UInt64(lines[7].dropFirst("SigIgn:\t".count), radix: 16))
        #expect(ignored & ~0x1_8000_0000 == 0)
        #expect(try helper.exitCode() == 0)
    }

    @Test(arguments: [("--rlimit-as", "-v", 100), ("--rlimit-cpu", "-t", 1)])
    func limitsHold(option: String, flag: String, unit: Int) throws {
        let value = unit == 1 ? 77 : 64 << 20
        let helper = try Helper(
            options: [option, "\(value)"],
            ["sh", "-c", "ulimit -S \(flag)"]
        )
        #expect(helper.output.lines() == ["\(unit == 1 ? value : value / 1024)"])
    }

    @Test func aCoreFileCanBeForbidden() throws {
        let helper = try Helper(options: ["--rlimit-core", "0"], ["sh", "-c", "ulimit -S -c"])
        #expect(helper.output.lines() == ["0"])
    }

    // MARK: How the encoder ends

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    func aSignalToTheHelperIsPassedOnAsTerm(number: Int32) throws {
        let helper = try Helper(
            options: ["--grace-ms", "20000"],
            ["sh", "-c", "trap 'exit 9' TERM; echo ready; sleep 1000 & wait"]
        )
        #expect(helper.output.line() == "ready")
        helper.signal(number)
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        #expect(end.kind == "exit")
        #expect(end.number == 9)
        #expect(try helper.exitCode() == 0)
    }

    @Test func whoIgnoresTermIsKilledAfterTheGrace() throws {
        let helper = try Helper(
            options: ["--grace-ms", "300"],
            ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1000; done"]
        )
        #expect(helper.output.line() == "ready")
        let start = ContinuousClock.now
        helper.send("t")
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        let duration = ContinuousClock.now - start
        #expect(end.kind == "signal")
        #expect(end.number == Int(SIGKILL))
        #expect(duration >= .milliseconds(300))
        #expect(duration < .seconds(5))
    }

    @Test(arguments: [
        // Orders, and how long they may take at least and at most.
        ("g300t", 300, 5_000), ("g600000tg300t", 300, 5_000), ("g600000tt", 400, 5_000),
        ("g99999999999999999999tg0t", 0, 5_000), ("g12xt", 400, 5_000), ("g600000tk", 0, 5_000),
    ])
    func anOrderMayGiveItsOwnGrace(_ orders: String, _ least: Int, _ most: Int) throws {
        let helper = try Helper(
            options: ["--grace-ms", "400"],
            ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1000; done"]
        )
        #expect(helper.output.line() == "ready")
        let start = ContinuousClock.now
        for letter in orders.unicodeScalars { helper.send(letter) }
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        let duration = ContinuousClock.now - start
        #expect(end.number == Int(SIGKILL))
        #expect(duration >= .milliseconds(least) && duration < .milliseconds(most))
    }

    @Test func theLetterKKillsAtOnce() throws {
        let helper = try Helper(
            options: ["--grace-ms", "600000"],
            ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1000; done"]
        )
        #expect(helper.output.line() == "ready")
        // First the slow way, then the fast one; what is no command is nothing.
        for letter in ["x", "t", "t", "k"] as [Unicode.Scalar] {
            helper.send(letter)
        }
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        #expect(end.kind == "signal")
        #expect(end.number == Int(SIGKILL))
    }

    @Test func aStoppedEncoderTakesTerm() throws {
        let helper = try Helper(
            options: ["--grace-ms", "600000"],
            ["sh", "-c", "echo ready; kill -STOP $$; exit 1"]
        )
        #expect(helper.output.line() == "ready")
        helper.send("t")
        _ = try helper.startedPid()
        let end = try Report(helper.report.line())
        #expect(end.kind == "signal")
        #expect(end.number == Int(SIGTERM))
    }

    // The encoder, a child in its group and a grandchild in a session of its own, all deaf to TERM.
    @Test func withTheAgentGoesAllThatItStarted() throws {
        let helper = try Helper(
            [
                "sh", "-c",
                """
                trap '' TERM
                sh -c 'echo $$; exec sleep 1000' &
                setsid sh -c 'sh -c "echo \\$\\$; exec sleep 1000" & echo $$; wait' &
                while :; do wait; done
                """,
            ])
        let pid = try helper.startedPid()
        var endings = [try Ending(of: pid)]
        for _ in 0..<3 {
            endings.append(try Ending(of: try #require(pid_t(helper.output.line() ?? ""))))
        }
        let start = ContinuousClock.now
        helper.agentVanishes()
        for ending in endings {
            #expect(ending.comes(within: .seconds(20)))
        }
        let duration = ContinuousClock.now - start
        // 0.5 s of grace, and room for a busy machine.
        #expect(duration < .seconds(2), "\(duration)")
        let report = try Report(helper.report.line())
        #expect(report.number == Int(SIGKILL))
        #expect(try helper.exitCode() == 0)
    }

    @Test func whatTheEncoderLeavesBehindIsKilledBeforeTheReport() throws {
        let folder = try ScratchFolder()
        let door = folder.path + "/door"
        try #require(mkfifo(door, 0o600) == 0)
        let helper = try Helper(
            [
                "sh", "-c",
                """
                trap '' TERM
                sh -c 'echo $$; exec sleep 1000' &
                setsid sh -c 'sh -c "echo \\$\\$; exec sleep 1000" & echo $$; wait' &
                read line < \(door); exit 4
                """,
            ])
        _ = try helper.startedPid()
        var endings: [Ending] = []
        for _ in 0..<3 {
            endings.append(try Ending(of: try #require(pid_t(helper.output.line() ?? ""))))
        }
        #expect(endings.allSatisfy { !$0.hasCome })
        let writing = open(door, O_WRONLY)
        #expect(write(writing, "go\n", 3) == 3)
        close(writing)
        let report = try Report(helper.report.line())
        #expect(report.kind == "exit")
        #expect(report.number == 4)
        #expect(endings.allSatisfy { $0.hasCome })
    }

    @Test func withTheHelperGoesTheEncoder() throws {
        let helper = try Helper(
            [
                "sh", "-c",
                "trap '' TERM HUP INT; echo ready; read line < /dev/null; exec sleep 1000",
            ])
        let pid = try helper.startedPid()
        #expect(helper.output.line() == "ready")
        let end = try Ending(of: pid)
        #expect(!end.hasCome)
        helper.signal(SIGKILL)
        #expect(end.comes(within: .seconds(20)))
        #expect(try helper.exitCode() == nil)
    }

    // The kernel's signal for a dead parent goes by threads: had the helper or the encoder asked
    // for it where the agent's thread is the parent, it would be dead when that thread has ended.
    @Test func threadsOfTheAgentComeAndGo() throws {
        let folder = try ScratchFolder()
        let door = folder.path + "/door"
        try #require(mkfifo(door, 0o600) == 0)
        let box = Box()
        box.door = door
        #expect(onThread(box) { $0.start() })
        let helper = try #require(box.helper)
        let pid = try helper.startedPid()
        let end = try Ending(of: pid)
        #expect(helper.output.line() == "ready")
        for _ in 0..<50 {
            #expect(onThread(box) { _ in })
        }
        #expect(!end.hasCome)
        // The shell reads from the door, and only then ends.
        let writing = open(door, O_WRONLY)
        #expect(write(writing, "go\n", 3) == 3)
        close(writing)
        let report = try Report(helper.report.line())
        #expect(report.kind == "exit")
        #expect(report.number == 5)
    }

    /// Runs a closure on a thread made for it, and waits until the kernel has forgotten the thread.
    private func onThread(_ box: Box, _ body: @escaping (Box) -> Void) -> Bool {
        box.body = body
        var thread = pthread_t()
        let context = Unmanaged.passUnretained(box).toOpaque()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let box = Unmanaged<Box>.fromOpaque(context).takeUnretainedValue()
                box.body?(box)
                return nil
            },
            context
        )
        return status == 0 && pthread_join(thread, nil) == 0
    }

    /// What a thread and the test share, one after the other.
    private final class Box {
        var door = ""
        var helper: Helper?
        var body: ((Box) -> Void)?

        func start() {
            helper = try? Helper(["sh", "-c", "echo ready; read line < \(door); exit 5"])
        }
    }
}
