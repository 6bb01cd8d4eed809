// SPDX-License-Identifier: Apache-2.0
// Reelwork: runs commands under the helper

import Glibc
import ReelworkCore
package import ReelworkEngineKit
import Subprocess
import Synchronization
import SystemPackage

/// Runs commands under `reelwork-exec`: argv only, a small fixed environment, bounded output, and
/// an end that reaches every process that the program has left behind.
package struct CommandRunner: Sendable {
    /// What a running command tells, in order.
    package struct Listener: Sendable {
        /// The program runs: helper and program by their process ids.
        package var started: @Sendable (_ helper: Int32, _ program: Int32) -> Void
        /// The program says how far it has come.
        package var progressed: @Sendable (EngineProgress) -> Void

        /// Makes a listener; by default nobody listens.
        package init(
            started: @escaping @Sendable (_ helper: Int32, _ program: Int32) -> Void = { _, _ in },
            progressed: @escaping @Sendable (EngineProgress) -> Void = { _ in }
        ) {
            self.started = started
            self.progressed = progressed
        }
    }

    private let helper: String
    private let environment: CommandEnvironment
    private let limits: CommandLimits

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - helper: the path of `reelwork-exec`.
    ///   - environment: what every command finds.
    ///   - limits: what holds for every command.
    package init(
        helper: String,
        environment: CommandEnvironment = CommandEnvironment(),
        limits: CommandLimits = CommandLimits()
    ) {
        self.helper = helper
        self.environment = environment
        self.limits = limits
    }

    /// The helper that lies beside the running program; nil where it does not.
    package static func helperPath() -> String? {
        var buffer = [UInt8](repeating: 0, count: Limits.pathBytesMax + 1)
        let count = buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return readlink(
                "/proc/self/exe",
                base.assumingMemoryBound(to: CChar.self),
                bytes.count
            )
        }
        guard count > 0, let slash = buffer[..<count].lastIndex(of: UInt8(ascii: "/"))
        else { return nil }
        let path = String(decoding: buffer[...slash], as: UTF8.self) + "reelwork-exec"
        return access(path, X_OK) == 0 ? path : nil
    }

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - plan: what to run.
    ///   - folder: its working directory, an absolute path.
    ///   - parser: reads standard output where the plan asks for progress.
    ///   - handle: by which it can be stopped, and its log be read while it runs.
    ///   - listener: told what happens meanwhile.
    /// - Returns: how it ended and what it printed.
    package func run(
        _ plan: CommandPlan,
        in folder: String,
        parser: (any ProgressParser)? = nil,
        handle: CommandHandle = CommandHandle(),
        listener: Listener = Listener()
    ) async -> CommandOutcome {
        let ends: (ours: Int32, theirs: Int32)
        do throws(FileError) {
            ends = try HelperLine.pair()
        } catch {
            return CommandOutcome(end: .notStarted("\(error)"))
        }
        let line = HelperLine(descriptor: ends.ours)
        guard line.begin() else {
            close(ends.theirs)
            return CommandOutcome(end: .notStarted("no thread is left"))
        }
        let watch = CommandWatch(plan: plan, line: line, handle: handle, parser: parser)
        handle.begin(line)
        let clock = watch.clock()
        defer {
            clock?.cancel()
            handle.end()
            line.hangUp()
        }
        do {
            try await start(plan, folder, ends.theirs, watch, listener)
        } catch {
            return watch.outcome(problem: "reelwork-exec: \(error)")
        }
        return watch.outcome(problem: nil)
    }

    private func start(
        _ plan: CommandPlan,
        _ folder: String,
        _ control: Int32,
        _ watch: CommandWatch,
        _ listener: Listener
    ) async throws {
        let options =
            ["--control-fd", "0", "--report-fd", "0"]
            + ["--grace-ms", "\(Limits.terminateGrace.wholeMilliseconds)"] + limits.options
        // Rows of bytes are handed to strdup(3) as they are: without its zero a row would go on
        // into whatever lies behind it.
        let rows = environment.lines(plan, folder: folder).map { Array($0.utf8) + [0] }
        _ = try await Subprocess.run(
            .path(FilePath(helper)),
            arguments: Arguments(options + ["--", plan.program] + plan.arguments),
            environment: .custom(rows),
            workingDirectory: FilePath(folder),
            input: .fileDescriptor(
                FileDescriptor(rawValue: control),
                closeAfterSpawningProcess: true
            ),
            output: .sequence,
            error: .sequence
        ) { execution in
            let helper = execution.processIdentifier.value
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await watch.readReports(helper, listener) }
                group.addTask { await watch.readOutput(execution.standardOutput, listener) }
                group.addTask { await watch.readErrors(execution.standardError) }
            }
        }
    }
}
