// SPDX-License-Identifier: Apache-2.0
// Reelwork: a scratch folder as a worker makes it

public import Foundation
import ReelworkCore
public import ReelworkEngineKit
import Synchronization

/// Whether a process has ended, so that its number is no longer its own.
private final class EndFlag: Sendable {
    private let isSet = Mutex(false)

    func set() { isSet.withLock { $0 = true } }

    func unlessSet(_ work: () -> Void) { isSet.withLock { if !$0 { work() } } }
}

/// A scratch folder as a worker makes it, with the links `in` and `out`, and what runs plans in it.
public final class ScratchFolder: Sendable {
    /// The folder that holds everything; it goes with the value.
    public let root: URL
    /// The working directory of commands.
    public let scratch: URL

    /// Makes an empty one below the temporary folder.
    public init() throws {
        root = FileManager.default.temporaryDirectory
            .appendingPathComponent("reelwork-engine-test-\(UUID().uuidString)")
        scratch = root.appendingPathComponent("scratch")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Points `in` to a file.
    public func link(input path: String) throws { try link("in", to: path) }

    /// Makes an empty part file and points `out` to it.
    public func link(output path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        try link("out", to: path)
    }

    /// Points a link of the scratch folder elsewhere, in place of what it pointed to.
    func link(_ name: String, to path: String) throws {
        let link = scratch.appendingPathComponent(name)
        try? FileManager.default.removeItem(at: link)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: path)
    }

    /// Runs a plan to its end; standard output goes to a file, so that no pipe can fill.
    ///
    /// - Parameters:
    ///   - plan: what to run.
    ///   - parser: read where the plan asks for progress.
    ///   - isNobody: whether it runs as a user who may read only what all may; root drops its
    ///     rights with setpriv(1).
    /// - Returns: how it ended and what it printed.
    /// - Throws: where files cannot be made or the program cannot be started.
    public func run(
        _ plan: CommandPlan,
        parser: any ProgressParser,
        isNobody: Bool = false
    ) async throws -> CommandOutcome {
        guard var program = Self.find(plan.program) else {
            return CommandOutcome(end: .notStarted("there is no \(plan.program) in PATH"))
        }
        let (output, errors) = (
            root.appendingPathComponent("stdout"), root.appendingPathComponent("stderr")
        )
        try Data().write(to: output)
        try Data().write(to: errors)
        var arguments = plan.arguments
        if isNobody, geteuid() == 0 {
            guard let tool = Self.find("setpriv") else {
                return CommandOutcome(end: .notStarted("there is no setpriv in PATH"))
            }
            arguments =
                ["--reuid=65534", "--regid=65534", "--clear-groups", program.path] + arguments
            program = tool
        }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = scratch
        process.environment = Self.environment.merging(
            plan.environment.map { ($0.name, $0.value) },
            uniquingKeysWith: { $1 }
        )
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let end = try await Self.wait(for: process, timeMax: plan.timeMax ?? .seconds(120))
        let printed = [UInt8](try Data(contentsOf: output))
        let log = [UInt8](try Data(contentsOf: errors)).suffix(Limits.logTailBytesMax)
        switch plan.output {
        case .kept(let bytesMax):
            return CommandOutcome(
                end: end,
                output: Array(printed.prefix(bytesMax)),
                logTail: Array(log)
            )
        case .progress:
            let last = Self.feed(printed, to: parser)
            return CommandOutcome(end: end, logTail: Array(log), progress: last)
        }
    }

    private static func feed(_ bytes: [UInt8], to parser: any ProgressParser) -> EngineProgress? {
        var parser = parser
        _ = parser.consume(bytes)
        return parser.last
    }

    /// Waits for the process's end, and ends it where its time is over.
    private static func wait(
        for process: Process,
        timeMax: Duration
    ) async throws -> CommandEnd {
        let flag = EndFlag()
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { ended in
                flag.set()
                let isExit = ended.terminationReason == .exit
                continuation.resume(
                    returning: isExit
                        ? .exited(ended.terminationStatus) : .signaled(ended.terminationStatus)
                )
            }
            do {
                try process.run()
                let pid = process.processIdentifier
                DispatchQueue.global().asyncAfter(deadline: .now() + timeMax.seconds) {
                    flag.unlessSet { if pid > 0 { _ = kill(pid, SIGKILL) } }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
    }

    private static func find(_ program: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent(program) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
