// SPDX-License-Identifier: Apache-2.0
// Reelwork: one scheduler with its workers

import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import Synchronization
import Testing

/// One scheduler with its workers, in a folder of their own; nothing of it outlives a test.
final class House: Sendable {
    /// Which encoders a worker finds.
    enum Engines: Sendable {
        /// The fake engine alone.
        case fake
        /// Those of this machine.
        case real
    }

    /// What a command answered.
    struct Answer: Sendable, CustomStringConvertible {
        var status: Int32
        var output: String
        var errors: String

        var description: String { "status \(status)\n\(output)\(errors)" }
    }

    /// Short, so that the paths of sockets fit.
    let path: String
    private let runs = Mutex<[ProgramRun]>([])

    private init() throws {
        var name = Array("/tmp/rw-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Surprise("make a folder", number: errno) }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for folder in ["bin", "logs", "media"] {
            try FileManager.default.createDirectory(
                atPath: path + "/" + folder,
                withIntermediateDirectories: true
            )
        }
        let engine = try Programs.path("reelwork-fake-engine")
        for program in ["ffmpeg", "ffprobe"] {
            try FileManager.default.createSymbolicLink(
                atPath: path + "/bin/" + program,
                withDestinationPath: engine
            )
        }
    }

    /// Runs a test in a house and clears it away, whatever comes of it.
    ///
    /// That no process is left when all programs are killed is part of every test.
    static func open(_ test: (House) async throws -> Void) async throws {
        let house = try House()
        defer { try? FileManager.default.removeItem(atPath: house.path) }
        do {
            try await test(house)
        } catch {
            house.printLogs()
            await house.end()
            throw error
        }
        await house.end()
    }

    /// Ends all programs; in a task of its own, for a test whose time is over is canceled.
    private func end() async { await Task { await killAll() }.value }

    var data: String { path + "/data" }
    var socket: String { data + "/reelwork.sock" }
    var adminSocket: String { data + "/admin.sock" }
    var endpoint: String { "unix:" + socket }
    /// Where inputs and outputs lie.
    var media: String { path + "/media" }
    /// What the fake engine tells.
    var fake: FakeLog { FakeLog(path: path + "/fake.log") }

    // MARK: - Programs

    /// Starts a scheduler and waits until it serves.
    ///
    /// Its leases are short, so that deaths are noticed and connections made again soon.
    /// `settings` are those of the configuration file, by their names there.
    @discardableResult
    func serve(
        lease: String = "3s",
        _ more: [String] = [],
        settings: [String: String] = [:]
    ) async throws -> ProgramRun {
        let run = try start(
            ["serve", "--data", data, "--lease", lease] + more,
            name: "serve",
            environment: Dictionary(
                settings.map { name, value in
                    ("REELWORK_SERVE_" + name.uppercased().replacing(".", with: "_"), value)
                },
                uniquingKeysWith: { $1 }
            )
        )
        try await eventually("the scheduler's line `ready`") {
            if let ending = run.ending {
                throw Surprise("serve ended with \(ending): \(run.errors)")
            }
            return run.output.hasPrefix("ready ") && run.output.contains("\n")
        }
        return run
    }

    /// Starts a worker and waits until the scheduler knows it.
    @discardableResult
    func worker(
        _ name: String,
        slots: Int = 1,
        engines: Engines = .fake,
        _ more: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> ProgramRun {
        let run = try start(
            ["worker", "--name", name, "--slots", "\(slots)", "--scratch", path + "/scratch"]
                + more,
            name: name,
            engines: engines,
            environment: environment
        )
        try await eventually("worker \(name) in the fleet", within: .seconds(40)) {
            if let ending = run.ending {
                throw Surprise("worker \(name) ended with \(ending): \(run.errors)")
            }
            return run.errors.contains("Registered as \(name)")
        }
        return run
    }

    /// Runs a command to its end.
    func reelwork(
        _ arguments: [String],
        in folder: String? = nil,
        within limit: Duration = .seconds(60)
    ) async throws -> Answer {
        let run = try start(arguments, name: "command", in: folder)
        let ending = try await run.end(within: limit)
        guard case .exited(let status) = ending else {
            throw Surprise("reelwork \(arguments) ended with \(ending): \(run.errors)")
        }
        return Answer(status: status, output: run.output, errors: run.errors)
    }

    /// Starts the program.
    func start(
        _ arguments: [String],
        name: String,
        engines: Engines = .fake,
        in folder: String? = nil,
        environment: [String: String] = [:]
    ) throws -> ProgramRun {
        try startProgram(
            try Programs.path("reelwork"),
            arguments,
            name: name,
            engines: engines,
            in: folder,
            environment: environment
        )
    }

    /// Starts any program, with the house's environment.
    func startProgram(
        _ program: String,
        _ arguments: [String],
        name: String,
        engines: Engines = .fake,
        in folder: String? = nil,
        environment more: [String: String] = [:]
    ) throws -> ProgramRun {
        let run = try ProgramRun(
            program,
            arguments,
            environment: environment(engines).merging(more) { $1 },
            folder: folder,
            name: "\(name)-\(runs.withLock { $0.count })",
            logs: path + "/logs"
        )
        runs.withLock { $0.append(run) }
        return run
    }

    private func environment(_ engines: Engines) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment = [
            "REELWORK_CONNECT": endpoint, "REELWORK_ADMIN": adminSocket,
            "REELWORK_FAKE_LOG": path + "/fake.log", "LANG": "C.UTF-8",
        ]
        switch engines {
        // Nothing but the fake engine: probes of the real ones take seconds.
        case .fake: environment["PATH"] = path + "/bin"
        case .real: environment["PATH"] = own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        }
        // GStreamer's registry lies below it, and is long in the making.
        environment["HOME"] = own["HOME"] ?? path
        environment["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
        return environment
    }

    // MARK: - The scheduler as a library sees it

    /// A client that goes on over restarts of the scheduler.
    func client(
        _ role: ReelworkRole = .submitter
    ) async throws -> ReelworkClient {
        try await ReelworkClient.connect(
            ReelworkConfiguration(
                endpoints: [role == .admin ? "unix:" + adminSocket : endpoint],
                role: role,
                agent: "test",
                patience: .seconds(30)
            )
        )
    }

    /// Submits a job of the fake engine: `input` is what its file says.
    func submit(
        _ client: ReelworkClient,
        _ input: String,
        _ name: String = "film",
        overwrite: Bool = false,
        _ change: (inout JobSpec) -> Void = { _ in }
    ) async throws -> JobNumber {
        try write(input, to: "\(name).in")
        var spec = JobSpec(
            engine: "ffmpeg",
            input: "\(media)/\(name).in",
            output: "\(media)/\(name).mp4",
            overwrite: overwrite
        )
        change(&spec)
        let result = try #require(try await client.submit([Submission(spec)]).first)
        guard result.code == .known(.ok) else { throw Surprise("refused: \(result)") }
        return result.number
    }

    /// Waits until a job is in a state.
    @discardableResult
    func wait(
        _ client: ReelworkClient,
        _ number: JobNumber,
        _ state: JobState,
        within limit: Duration = .seconds(30)
    ) async throws -> JobView {
        try await eventually("job \(number) \(state)", within: limit) {
            let view = try await client.job(.number(number))
            if view.state == .known(state) { return view }
            if view.state.value?.isTerminal ?? true {
                throw Surprise("job \(number) is \(view.state): \(view.error ?? "")")
            }
            return nil
        }
    }

    // MARK: - Files

    /// Writes a file of the folder `media`, whole at once.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: media + "/" + name), options: .atomic)
    }

    /// The text of a file of the folder `media`; nil where there is none.
    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: media + "/" + name)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in the folder `media`, sorted.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: media)) ?? []).sorted()
    }

    /// The parts in the folder `media`.
    var parts: [String] { names.filter { $0.hasPrefix(".reelwork-") } }

    /// The scratch folders of attempts of a worker.
    func attempts(_ worker: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(
            atPath: path + "/scratch/\(worker)/attempts"
        )) ?? []
    }

    /// The files of results that wait in the spool of a worker.
    func spooled(_ worker: String) -> [String] {
        let folder = path + "/scratch/\(worker)/spool"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // A name that begins with a dot is a file that is not whole yet.
        return names.filter { $0.hasSuffix(".report") && !$0.hasPrefix(".") }
            .map { folder + "/" + $0 }
    }

    // MARK: - The end

    private func killAll() async {
        let runs = runs.withLock { $0 }
        for run in runs {
            run.signal(SIGCONT)
            run.signal(SIGKILL)
        }
        do {
            for run in runs { _ = try await run.end() }
            try await eventually("the end of all encoders", within: .seconds(5)) {
                ProcessTable.under(path).isEmpty
            }
        } catch {
            for pid in ProcessTable.under(path) {
                Issue.record("left behind: \(pid) \(ProcessTable.command(pid))")
                kill(pid, SIGKILL)
            }
        }
    }

    /// What the programs logged, for whoever looks into a failure.
    private func printLogs() {
        for run in runs.withLock({ $0 }).suffix(12) {
            TestNote.say("--- \(run.name)\n\(run.output.suffix(1_500))\(run.errors.suffix(3_000))")
        }
    }
}
