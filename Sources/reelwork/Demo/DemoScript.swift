// SPDX-License-Identifier: Apache-2.0
// Reelwork: the demonstration, step by step

import Foundation
import ReelworkClient
import ReelworkCore
import ReelworkEngineKit

/// The demonstration, step by step.
struct DemoScript {
    let stage: DemoStage
    let terminal: Terminal

    private static let slots = 2

    /// A line with a faint label.
    private func tell(_ name: String, _ value: String) {
        let label = name + String(repeating: " ", count: max(1, 11 - name.count))
        Output.line(terminal.styled(label, .faint) + ShownLine.escaped(value))
    }

    /// A headline.
    func headline(_ text: String) {
        Output.line("")
        Output.line(terminal.styled(text, .bold))
    }

    // MARK: - Before the jobs

    /// Makes or looks at the film.
    func prepare(_ input: String?) throws(CommandFailure) -> (DemoFilm, path: String) {
        Output.line(terminal.styled("Reelwork \(Program.version)", .bold))
        tell("folder", stage.folder)
        let begin = ContinuousClock.now
        do {
            try FileManager.default.createDirectory(
                atPath: stage.films,
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandFailure("cannot make \(stage.films): \(error.localizedDescription)")
        }
        let path: String
        if let input {
            path = JobOrder.absolute(input, in: try JobOrder.currentFolder())
            let spec = JobSpec(input: path, output: stage.films + "/film.mp4")
            if let problem = LocalFiles.problem(spec) { throw problem }
        } else {
            path = stage.folder + "/clip.mp4"
            try DemoFilm.make(path)
        }
        let film = try DemoFilm.probe(path)
        let made = input == nil ? ", made in \((ContinuousClock.now - begin).words)" : ""
        tell(
            "film",
            "\(WatchBoard.fileName(path)): \(film.codec) \(film.width)x\(film.height), "
                + "\(film.frames) frames, \(film.duration.words)\(made)"
        )
        return (film, path)
    }

    /// Starts scheduler and worker.
    func start() async throws -> ReelworkClient {
        let ready = try stage.startScheduler()
        let took = ready.split(separator: " ").last?.split(separator: "=").last.map(String.init)
        tell("scheduler", "reelwork serve --data \(stage.folder)/scheduler")
        tell("", "ready in \(took ?? "?")")
        try stage.startWorker(slots: DemoScript.slots)
        tell("worker", "reelwork worker --connect \(stage.endpoint) --slots \(DemoScript.slots)")
        return try await ReelworkClient.connect(
            ReelworkConfiguration(endpoints: [stage.endpoint], agent: Program.agent)
        )
    }

    /// Waits for the worker and says what it found.
    func awaitWorker(_ client: ReelworkClient) async throws -> WorkerView {
        let begin = ContinuousClock.now
        let worker = try await stage.awaitWorker(client)
        tell("", "engines probed with test encodes in \((ContinuousClock.now - begin).words)")
        for engine in worker.engines {
            let words = engine.problem ?? engine.encoders.joined(separator: " ")
            let name = engine.version.isEmpty ? engine.name : "\(engine.name) \(engine.version)"
            tell("", "\(name): \(words)")
        }
        return worker
    }

    /// The jobs that this worker can do; the others are named.
    func possible(_ worker: WorkerView) -> (jobs: [DemoJob], missing: Int) {
        guard let registry = try? EngineSet.registry() else { return ([], DemoJob.all.count) }
        let jobs = DemoJob.all.filter { job in
            let spec = job.spec(input: "/in", folder: "/out")
            let requirement = try? registry.requirement(of: spec)
            return requirement?.engine(among: worker.engines) != nil
        }
        let missing = DemoJob.all.filter { job in !jobs.contains { $0.file == job.file } }
        for job in missing {
            tell("left out", "\(job.title): this worker has no encoder for it")
        }
        if !missing.isEmpty {
            tell(
                "",
                "on Debian: apt-get install ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-base "
                    + "gstreamer1.0-plugins-good gstreamer1.0-plugins-bad "
                    + "gstreamer1.0-plugins-ugly gstreamer1.0-plugins-base-apps gstreamer1.0-libav"
            )
        }
        return (jobs, missing.count)
    }

    /// Submits them in one batch.
    func submit(
        _ jobs: [DemoJob],
        _ path: String,
        _ client: ReelworkClient
    ) async throws -> [JobNumber: DemoJob] {
        let begin = ContinuousClock.now
        let orders = jobs.map { JobOrder(spec: $0.spec(input: path, folder: stage.films)) }
        let results = try await client.submit(orders.map(\.submission))
        let took = ContinuousClock.now - begin
        var accepted: [JobNumber: DemoJob] = [:]
        for (job, result) in zip(jobs, results) {
            if result.code.value?.isSuccess == true {
                accepted[result.number] = job
            } else {
                tell("refused", "\(job.title): \(result.words)")
            }
        }
        tell("jobs", "\(accepted.count) submitted, on disk and answered in \(took.words)")
        return accepted
    }

    // MARK: - After the jobs

    /// What every job went through.
    func showHistories(
        _ jobs: [JobNumber: DemoJob],
        _ client: ReelworkClient
    ) async throws {
        headline("Histories")
        for (number, job) in jobs.sorted(by: { $0.key < $1.key }) {
            let moves = try await client.history(.number(number))
            let words = DemoScript.words(job)
            Output.line("\(number)  \(job.title)  \(terminal.styled(words, .faint))")
            guard let begin = moves.first?.at else { continue }
            for move in moves {
                let time = "+\(move.at.since(begin).wholeMilliseconds) ms"
                let space = String(repeating: " ", count: max(1, 10 - time.count))
                let state =
                    move.to.name
                    + String(repeating: " ", count: max(1, 11 - move.to.name.count))
                let style = Terminal.Style.of(move.to)
                Output.line(
                    space + time + "  " + (style.map { terminal.styled(state, $0) } ?? state)
                        + ShownLine.escaped(HistoryTable.words(move))
                )
            }
        }
    }

    private static func words(_ job: DemoJob) -> String {
        let parameters = job.parameters.map { "\($0.key)=\($0.value)" }
        return (["engine=\(job.engine)"] + parameters).joined(separator: " ")
    }

    /// What came out, as ffprobe sees it.
    func showFilms(
        _ jobs: [JobNumber: DemoJob],
        _ film: DemoFilm,
        _ client: ReelworkClient
    ) async throws -> Bool {
        headline("Films, looked at by ffprobe")
        var table = TextTable(
            ">JOB",
            "FILM",
            "ENGINE",
            "VIDEO",
            ">FRAMES",
            ">WANTED",
            ">DURATION",
            ">BYTES",
            "VERDICT",
            spare: ["BYTES", "DURATION", "WANTED", "ENGINE"]
        )
        var areRight = true
        for (number, job) in jobs.sorted(by: { $0.key < $1.key }) {
            let view = try await client.job(.number(number))
            do {
                let output = try DemoFilm.probe(view.output)
                let isRight = job.isRight(output, of: film) && view.state.value == .completed
                areRight = areRight && isRight
                let wanted = job.frames(of: film).map { "\($0)" } ?? ""
                table.add(
                    [
                        "\(number)", job.file, view.engine,
                        "\(output.codec) \(output.width)x\(output.height)", "\(output.frames)",
                        wanted, output.duration.words, "\(output.bytes)",
                        isRight ? "verified" : "WRONG",
                    ],
                    styles: [8: isRight ? .green : .red]
                )
            } catch {
                areRight = false
                let why = view.error ?? "\(error)"
                table.add(
                    ["\(number)", job.file, view.engine, "", "", "", "", "", why],
                    styles: [8: .red]
                )
            }
        }
        table.print(on: terminal)
        return areRight
    }

    /// What the store says of itself.
    func showChecks() async throws -> Bool {
        let admin = try await ReelworkClient.connect(
            ReelworkConfiguration(
                endpoints: [stage.adminEndpoint],
                role: .admin,
                agent: Program.agent
            )
        )
        let checks = try await admin.check(isDeep: true)
        await admin.close()
        Output.line("")
        let bad = checks.filter { !$0.isOK }
        for check in bad { tell("store", "\(check.name) WRONG: \(check.detail ?? "")") }
        if bad.isEmpty {
            tell("store", "\(checks.count) checks hold; every state is the fold of its history")
        }
        return bad.isEmpty
    }
}
