// SPDX-License-Identifier: Apache-2.0
// Reelwork: a worker

import CReelworkSystem
import Foundation
package import Logging
import ReelworkCore
package import ReelworkEngineKit
import ReelworkSystem
import Synchronization

/// A worker: tidies up after its earlier life, probes its engines, and serves a scheduler until it
/// is told to drain.
package final class Worker: Sendable {
    private struct State {
        var agent: WorkerAgent?
        var drain: Duration?
    }

    private let configuration: WorkerConfiguration
    private let engines: EngineRegistry
    private let transport: any AgentTransport
    private let logger: Logger
    private let state = Mutex(State())

    /// Makes a worker; nothing happens before ``run()``.
    package init(
        _ configuration: WorkerConfiguration,
        engines: EngineRegistry,
        transport: any AgentTransport,
        logger: Logger
    ) {
        self.configuration = configuration
        self.engines = engines
        self.transport = transport
        self.logger = logger
    }

    /// Works until it has drained.
    ///
    /// - Throws: ``WorkerError`` where it cannot begin.
    package func run() async throws(WorkerError) {
        try configuration.check()
        guard let helper = configuration.helper ?? CommandRunner.helperPath() else {
            throw WorkerError(
                .helperMissing,
                "reelwork-exec is not there; install it beside the program"
            )
        }
        let folder = StateFolder(scratch: configuration.scratch, worker: configuration.name)
        let configuration = configuration
        let ground = try await BlockingWork.run { () throws(WorkerError) in
            try WorkerGround(configuration, folder)
        }
        defer { ground.leave() }
        tell(of: ground)
        let commands = CommandRunner(
            helper: helper,
            environment: CommandEnvironment(overrides: configuration.environment),
            limits: configuration.limits
        )
        let reports = try await probe(commands, folder)
        let attempts = AttemptSettings(
            folder: folder,
            roots: ground.roots,
            engines: engines,
            commands: commands,
            ledger: ground.ledger,
            threadsMax: configuration.threadsMax
        )
        let agent = WorkerAgent(
            WorkerAgent.Parts(
                transport: transport,
                endpoints: configuration.endpoints,
                registration: registration(reports, attempts.room),
                attempts: attempts,
                spool: ground.spool,
                logger: logger
            )
        )
        let drain = state.withLock { state in
            state.agent = agent
            return state.drain
        }
        if let drain { agent.drain(timeout: drain) }
        await agent.run(ground.spooled.items)
    }

    /// Takes no new work and ends when what runs is done, or was handed back after the drain's
    /// time.
    ///
    /// A second call hands back at once.
    package func drain() {
        let (agent, timeout) = state.withLock { state in
            let timeout = state.drain == nil ? configuration.drainTimeout : .zero
            state.drain = timeout
            return (state.agent, timeout)
        }
        agent?.drain(timeout: timeout)
    }

    private func tell(of ground: WorkerGround) {
        let remains = ground.remains
        if remains.killed > 0 || !remains.swept.isEmpty {
            logger.warning(
                """
                [Worker] An earlier life left \(remains.swept.count) attempts and \
                \(remains.killed) processes: removed
                """
            )
        }
        if remains.damaged > 0 {
            logger.warning("[Worker] \(remains.damaged) lines of the ledger are damaged")
        }
        for problem in remains.problems { logger.warning("[Worker] Cannot tidy up: \(problem)") }
        for name in ground.spooled.damaged {
            logger.warning("[Worker] The report \(name) is damaged and was set aside")
        }
        let count = ground.spooled.items.count
        if count > 0 { logger.info("[Worker] \(count) results wait to be reported") }
    }

    private func probe(
        _ commands: CommandRunner,
        _ folder: StateFolder
    ) async throws(WorkerError) -> [EngineReport] {
        let reports: [EngineReport]
        do throws(FileError) {
            reports = try await EngineProbe(commands: commands, folder: folder.probe).run(engines)
        } catch {
            throw WorkerError(.folder, "the engines cannot be probed: \(error)")
        }
        for report in reports {
            if let problem = report.problem {
                logger.warning("[Worker] Engine \(report.name) is not used: \(problem)")
            } else {
                let encoders = report.encoders.joined(separator: ", ")
                logger.info("[Worker] Engine \(report.name) \(report.version): \(encoders)")
            }
        }
        let cut = ReportCut(reports)
        for loss in cut.losses {
            logger.warning(
                """
                [Worker] \(loss) are left out: a list has at most \(Limits.listItemsMax) entries, \
                and all of them \(Limits.registrationBytesMax) bytes
                """
            )
        }
        return cut.reports
    }

    private func registration(
        _ reports: [EngineReport],
        _ room: FilmRoom
    ) -> WorkerRegistration {
        let free = room.mebibytesFree
        let measured = [
            ResourceAmount(name: ResourceAmount.cpuName, amount: HostFacts.processorsAllowed),
            ResourceAmount(name: ResourceAmount.memoryName, amount: HostFacts.memoryMebibytes),
            ResourceAmount(name: ResourceAmount.scratchName, amount: free),
        ]
        return WorkerRegistration(
            name: configuration.name,
            incarnation: UInt64.random(in: 1...UInt64.max),
            capacity: configuration.capacity(beside: measured + reports.flatMap(\.devices)),
            labels: configuration.labels,
            engines: reports,
            host: HostFacts.name,
            pid: UInt64(clamping: getpid()),
            scratchFreeMebibytes: free,
            version: configuration.version,
            declared: configuration.capacity.map(\.name)
        )
    }
}
