// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork demo

import ArgumentParser
import Foundation
import ReelworkClient
import ReelworkCore
import ReelworkEngineKit

/// Shows all of it in a temporary folder.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show it: a scheduler, a worker and real jobs in a temporary folder.",
        discussion: HelpText.flowing(
            """
            Starts `reelwork serve` and `reelwork worker`, submits jobs for both engines, shows
            their progress, their histories and the films, which ffprobe has looked at. Ends with 1
            where anything failed.

            Example:
              reelwork demo --input film.mp4 --keep
            """
        )
    )

    @Option(
        help: ArgumentHelp("A film to encode (default: a clip that it makes).", valueName: "path")
    )
    var input: String?

    @Flag(help: "Keep the folder with the films and the logs.")
    var keep = false

    func validate() throws {
        if let input, input.isEmpty { throw ValidationError("--input is empty; name a film") }
    }

    func run() async throws {
        let begin = ContinuousClock.now
        let stage = try DemoStage(isKept: keep)
        // A terminal that is closed sends HUP: the services must not outlive the show.
        let signals = SignalWatch([SIGTERM, SIGINT, SIGHUP]) { _ in
            if Terminal.output.isInteractive { Output.text("\u{1b}[?25h") }
            Output.error("\nreelwork: interrupted; stopping the scheduler and the worker")
            stage.leave(.interrupted)
        }
        defer { signals?.stop() }
        let isGood: Bool
        do {
            isGood = try await perform(stage)
        } catch {
            stage.leave()
            throw error
        }
        stage.leave()
        let terminal = Terminal.output
        Output.line("")
        if keep { Output.line("kept       \(stage.folder)") }
        let took = (ContinuousClock.now - begin).words
        guard isGood else {
            Output.line(
                terminal.styled(
                    "Not everything worked or could be tried, see above. It took \(took).",
                    .red
                )
            )
            throw ExitCode(CommandStatus.failed.rawValue)
        }
        Output.line(terminal.styled("Everything is as it should be. It took \(took).", .green))
    }

    private func perform(_ stage: DemoStage) async throws -> Bool {
        let script = DemoScript(stage: stage, terminal: .output)
        let (film, path) = try script.prepare(input)
        let client = try await script.start()
        let worker = try await script.awaitWorker(client)
        let (jobs, missing) = script.possible(worker)
        let accepted = try await script.submit(jobs, path, client)
        script.headline("Progress")
        var follower = JobFollower(client: client, farewell: nil)
        follower.titles = accepted.mapValues(\.title)
        let board = try await follower.follow(
            accepted.keys.sorted().map { .number($0) }
        )
        try await script.showHistories(accepted, client)
        let areRight = try await script.showFilms(accepted, film, client)
        let isSound = try await script.showChecks()
        await client.close()
        return board.status == .done && areRight && isSound && missing == 0
            && accepted.count == jobs.count
    }
}
