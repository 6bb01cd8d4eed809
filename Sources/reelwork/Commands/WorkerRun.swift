// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork worker

import ArgumentParser
import Logging
import ReelworkCore
import ReelworkRPC
import ReelworkWorker

/// Runs a worker.
struct WorkerRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker: takes jobs from a scheduler and runs their encoders.",
        discussion: HelpText.flowing(
            """
            Probes the engines of this machine with real test encodes, registers, and takes as many
            jobs at once as it has slots.

            TERM or INT: takes no new work, finishes what runs or hands it back after the drain
            timeout, and exits 0. A second one hands back at once.

            It measures its processors (cpu), its memory (memory_mib) and the room where films are
            made (scratch_mib: under --root, else where it made them lately), and jobs that ask for
            some of it (`reelwork submit --need`) come only where so much is left. What engines
            guess that a job takes counts only against what --capacity says: without it a worker
            runs as many jobs at once as it has slots. --capacity gpu_session:0=3 lets three jobs
            that need one use GPU 0 at once; other names are yours to choose (licence=2).

            Over the network it needs --tls-ca, and a certificate or a token of the role worker that
            was made for its --name (see `reelwork auth --help`).

            Example:
              reelwork worker --connect unix:/var/lib/reelwork/reelwork.sock --slots 2
              reelwork worker --connect tcp:farm.example:7411 --name encoder-7 --tls-ca ca.pem \\
                --tls-cert encoder-7.pem --tls-key encoder-7.key
            """
        )
    )

    @Option(
        help: ArgumentHelp(
            "Where a scheduler answers; may be repeated, they are tried in turn.",
            discussion: "Default: $REELWORK_CONNECT.",
            valueName: "endpoint"
        )
    )
    var connect: [String] = []

    @Option(
        help: ArgumentHelp(
            "Its name, one in the fleet (default: that of --tls-cert, else the host's name)."
        )
    )
    var name: String?

    @Option(help: ArgumentHelp("How many jobs it runs at once.", valueName: "count"))
    var slots: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Where its own files and the encoders' scratch folders lie.",
            discussion: "Default: $XDG_STATE_HOME/reelwork, else ~/.local/state/reelwork.",
            valueName: "dir"
        )
    )
    var scratch: String?

    @Option(
        help: ArgumentHelp(
            "A folder that inputs and outputs must lie in; may be repeated (default: anywhere).",
            valueName: "dir"
        )
    )
    var root: [String] = []

    @Option(
        help: ArgumentHelp(
            "A label that jobs can require or prefer; may be repeated.",
            valueName: "key=value"
        )
    )
    var label: [String] = []

    @Option(
        help: ArgumentHelp(
            "How much it has of a resource; may be repeated; see below.",
            valueName: "name=n"
        )
    )
    var capacity: [String] = []

    @Option(
        help: ArgumentHelp(
            "How long running jobs may take when it drains (default: 60s).",
            valueName: "time"
        ),
        transform: DurationText.argument
    )
    var drainTimeout: Duration?

    @OptionGroup var security: SecurityOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let worker = try worker()
        let security = try security.workerSecurity(worker.endpoints)
        let log = try LogOutput(label: "reelwork.worker", level: self.log.logLevel)
        let running = Worker(
            worker,
            engines: try EngineSet.registry(),
            transport: RPCTransport(agent: Program.agent, security: security),
            logger: log.logger
        )
        let signals = SignalWatch { number in
            log.logger.notice("[Worker] Signal \(number): drains")
            running.drain()
        }
        defer { signals?.stop() }
        do {
            try await running.run()
        } catch {
            log.close()
            throw CommandFailure(error)
        }
        log.logger.notice("[Worker] Stopped")
        log.close()
    }

    private func worker() throws(CommandFailure) -> WorkerConfiguration {
        var endpoints = connect
        if endpoints.isEmpty { endpoints = [try ConnectOptions.endpoint(nil)] }
        for endpoint in endpoints {
            do {
                _ = try RPCEndpoint(parsing: endpoint)
            } catch {
                throw .usage(error.description, advice: "give --connect unix:DIR/reelwork.sock")
            }
        }
        let folder = try JobOrder.currentFolder()
        var ownName = name
        if ownName == nil { ownName = try security.certificateName() }
        return WorkerConfiguration(
            endpoints: endpoints,
            name: ownName ?? HostFacts.name,
            slots: slots,
            scratch: JobOrder.absolute(scratch ?? WorkerRun.scratchDefault, in: folder),
            roots: root.map { JobOrder.absolute($0, in: folder) },
            labels: try PairText.labels(label, flag: "--label"),
            capacity: try PairText.amounts(capacity, flag: "--capacity"),
            drainTimeout: drainTimeout ?? .seconds(60),
            version: Program.version
        )
    }

    /// The place for a program's own state (XDG Base Directory Specification).
    private static var scratchDefault: String {
        if let state = Environment.value("XDG_STATE_HOME") { return state + "/reelwork" }
        if let home = Environment.value("HOME") { return home + "/.local/state/reelwork" }
        return "/var/lib/reelwork"
    }
}
