// SPDX-License-Identifier: Apache-2.0
// Reelwork: which engines work here

package import ReelworkCore
package import ReelworkEngineKit
import ReelworkSystem

/// Finds out which engines work here, by running the probes of every adapter.
package struct EngineProbe: Sendable {
    private let commands: CommandRunner
    private let folder: String
    private let width: Int

    /// Makes a probe.
    ///
    /// - Parameters:
    ///   - commands: runs the probes.
    ///   - folder: where they run; it is made and removed.
    ///   - width: how many run at once.
    package init(commands: CommandRunner, folder: String, width: Int? = nil) {
        self.commands = commands
        self.folder = folder
        self.width = max(1, width ?? HostFacts.processors)
    }

    /// Probes all engines; within ``Limits/probeAllTime``, whatever hangs.
    ///
    /// - Returns: a report for each engine, in the order of their registration.
    /// - Throws: ``FileError`` where the folder cannot be made.
    package func run(_ engines: EngineRegistry) async throws(FileError) -> [EngineReport] {
        let folder = folder
        try await BlockingWork.run { () throws(FileError) in
            try FileCalls.removeTree(folder)
            try FileCalls.makeFolders(folder)
        }
        let deadline = SystemClock.boot().advanced(by: Limits.probeAllTime)
        var reports: [EngineReport] = []
        for adapter in engines.adapters { reports.append(await probe(adapter, until: deadline)) }
        await BlockingWork.run { try? FileCalls.removeTree(folder) }
        return reports
    }

    private func probe(
        _ adapter: any EngineAdapter,
        until deadline: BootInstant
    ) async -> EngineReport {
        let plans = adapter.probePlans()
        guard let first = plans.first else { return adapter.report(probed: []) }
        let version = await run(first, until: deadline)
        // Where the program is not there, all the others would say the same.
        guard version.isSuccess else { return adapter.report(probed: [version]) }
        let others = await runAll(Array(plans.dropFirst()), until: deadline)
        return adapter.report(probed: [version] + others)
    }

    /// Runs plans, `width` at once; the outcomes are in the order of the plans.
    private func runAll(
        _ plans: [CommandPlan],
        until deadline: BootInstant
    ) async -> [CommandOutcome] {
        await withTaskGroup(of: (Int, CommandOutcome).self) { group in
            var outcomes = [CommandOutcome](
                repeating: CommandOutcome(end: .timedOut),
                count: plans.count
            )
            for (index, plan) in plans.enumerated() {
                if index >= width, let (done, outcome) = await group.next() {
                    outcomes[done] = outcome
                }
                group.addTask { (index, await run(plan, until: deadline)) }
            }
            for await (done, outcome) in group { outcomes[done] = outcome }
            return outcomes
        }
    }

    private func run(_ plan: CommandPlan, until deadline: BootInstant) async -> CommandOutcome {
        let left = deadline.since(SystemClock.boot())
        guard left > .zero else { return CommandOutcome(end: .timedOut) }
        var plan = plan
        plan.timeMax = min(plan.timeMax ?? Limits.probeTime, left)
        return await commands.run(plan, in: folder)
    }
}
