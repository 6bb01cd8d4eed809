// SPDX-License-Identifier: Apache-2.0
// Reelwork: how soon a fault is seen

import ArgumentParser
import ReelworkCore

/// How soon a fault is seen and its job goes on, with real processes.
struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "How soon a fault is seen: dead workers, hung encodes, a restart, a cancel.",
        discussion: """
            Starts `reelwork serve` with its defaults, and workers as processes of their own,
            which it kills, stops and leaves without a sign of life. What is measured is the time
            in the job's history. Every case after the other takes about three minutes.

            killed    worker killed, Unix socket: until its job is retrying, and runs elsewhere
            lost      worker killed, TCP: until its lease ends
            frozen    worker stopped (SIGSTOP), Unix socket: until its lease ends
            deadline  by how much a limit of 2 s is overrun
            stall     by how much a stall window is overrun; the worker lives
            restart   scheduler killed while 1,000 encodes run: until all are confirmed
            cancel    a running FFmpeg: until its group is dead and its files are swept

            It exits 0 only where every promise of the requirements is kept.

            Example: reelwork-bench detect --case killed --runs 20
            """
    )

    @Option(name: .customLong("case"), help: "What to detect; may be repeated (default: all).")
    var cases: [DetectCase] = []

    @Option(help: "How often; cancel: five times as often.")
    var runs = 20

    @Flag(help: "One JSON object a line.")
    var json = false

    mutating func validate() throws {
        guard (1...200).contains(runs) else { throw ValidationError("--runs is 1 to 200") }
    }

    mutating func run() async throws {
        var isKept = true
        for one in cases.isEmpty ? DetectCase.allCases : cases {
            for figure in try await figures(of: one) {
                figure.show(json: json)
                isKept = isKept && figure.isKept
            }
        }
        if !isKept { throw ExitCode(1) }
    }

    private func figures(of one: DetectCase) async throws -> [DetectFigure] {
        switch one {
        case .killed: try await DeathCase(runs: runs, isNetwork: false, isKilled: true).measure()
        case .lost: try await DeathCase(runs: runs, isNetwork: true, isKilled: true).measure()
        case .frozen: try await DeathCase(runs: runs, isNetwork: false, isKilled: false).measure()
        case .deadline: [try await OverrunCase(runs: runs).deadline()]
        case .stall: [try await OverrunCase(runs: runs).stall()]
        case .restart: [try await RestartCase(runs: runs).measure()]
        case .cancel: [try await CancelCase(runs: runs * 5).measure()]
        }
    }
}
