// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a running command has said so far

import Glibc
import ReelworkCore
import ReelworkEngineKit
import Subprocess
import Synchronization

/// What a running command has said so far.
final class CommandWatch: Sendable {
    private struct State {
        var end: HelperReport?
        var hasStarted = false
        var isTimeOver = false
        var output: [UInt8] = []
        var progress: EngineProgress?
    }

    private let state = Mutex(State())
    private let plan: CommandPlan
    private let line: HelperLine
    private let handle: CommandHandle
    private let parser: (any ProgressParser)?

    init(
        plan: CommandPlan,
        line: HelperLine,
        handle: CommandHandle,
        parser: (any ProgressParser)?
    ) {
        self.plan = plan
        self.line = line
        self.handle = handle
        self.parser = parser
    }

    /// Ends the command when its time is over; nil where it has all the time.
    func clock() -> Task<Void, Never>? {
        guard let timeMax = plan.timeMax else { return nil }
        return Task { [self] in
            guard (try? await Task.sleep(for: timeMax)) != nil else { return }
            state.withLock { $0.isTimeOver = true }
            line.stop()
        }
    }

    func readReports(_ helper: Int32, _ listener: CommandRunner.Listener) async {
        for await report in line.reports {
            switch report {
            case .started(let pid):
                state.withLock { $0.hasStarted = true }
                listener.started(helper, pid)
            case .exited, .signaled, .failed: state.withLock { $0.end = report }
            }
        }
    }

    func readOutput(
        _ output: SubprocessOutputSequence,
        _ listener: CommandRunner.Listener
    ) async {
        switch plan.output {
        case .kept(let bytesMax):
            await read(output) { bytes in
                state.withLock { state in
                    state.output.append(contentsOf: bytes.prefix(bytesMax - state.output.count))
                }
            }
        case .progress:
            guard let parser else { return await read(output) { _ in } }
            await follow(output, parser, listener)
        }
    }

    private func follow(
        _ output: SubprocessOutputSequence,
        _ parser: any ProgressParser,
        _ listener: CommandRunner.Listener
    ) async {
        var parser = parser
        await read(output) { bytes in
            guard let progress = parser.consume(bytes) else { return }
            listener.progressed(progress)
        }
        let last = parser.last
        state.withLock { $0.progress = last }
    }

    func readErrors(_ errors: SubprocessOutputSequence) async {
        await read(errors) { handle.log.append($0) }
    }

    /// Reads to the end; an error of the pipe is its end.
    private func read(
        _ sequence: SubprocessOutputSequence,
        _ take: (UnsafeRawBufferPointer) -> Void
    ) async {
        var pieces = sequence.makeAsyncIterator()
        while let piece = try? await pieces.next() { piece.withUnsafeBytes(take) }
    }

    /// What came of it all.
    func outcome(problem: String?) -> CommandOutcome {
        let state = state.withLock { $0 }
        return CommandOutcome(
            end: end(state, problem),
            output: state.output,
            logTail: handle.log.bytes,
            progress: state.progress
        )
    }

    private func end(_ state: State, _ problem: String?) -> CommandEnd {
        if state.isTimeOver { return .timedOut }
        switch state.end {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signaled(signal)
        case .failed(let error, "exec"):
            let reason =
                error == ENOENT
                ? "there is no \(plan.program) in PATH" : FileError.words(error)
            return .notStarted(reason)
        case .failed(let error, let what):
            return .notStarted("\(what): \(FileError.words(error))")
        case .started, nil: break
        }
        // A helper that was killed reports nothing, and takes its program with it.
        if state.hasStarted { return .signaled(SIGKILL) }
        return .notStarted(problem ?? "reelwork-exec ended without a report")
    }
}
