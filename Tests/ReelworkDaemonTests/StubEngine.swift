// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine that takes every job

import ReelworkCore
import ReelworkEngineKit

/// An engine that takes every job, streams too, and runs nothing: for what a scheduler does with
/// the word of an adapter.
struct StubEngine: EngineAdapter {
    static let name = "stub"
    static let encoder = "stub264"

    /// What a worker of this engine has proved.
    static let report = EngineReport(name: name, version: "1", encoders: [encoder])

    var about: EngineDescription {
        EngineDescription(
            name: Self.name,
            adapterVersion: 1,
            title: "a stub",
            parameters: [],
            encoders: [Self.encoder]
        )
    }

    func support(_ job: JobSpec) throws(EngineRefusal) -> EngineCandidate {
        EngineCandidate(engine: Self.name, encoders: [Self.encoder])
    }

    private static let plan = CommandPlan(program: "true", arguments: [], output: .progress)

    func probePlans() -> [CommandPlan] { [] }

    func report(probed outcomes: [CommandOutcome]) -> EngineReport { Self.report }

    func inspectPlan() -> CommandPlan { Self.plan }

    func inspected(_ outcome: CommandOutcome) throws(EngineFailure) -> MediaInfo {
        MediaInfo(duration: nil, container: "", streams: [])
    }

    func timeout(_ job: JobSpec, duration: Duration?, policy: TimeoutPolicy) -> RunLimit {
        RunLimit(job, engineLimit: policy.floor)
    }

    func command(
        _ job: JobSpec,
        context: CommandContext
    ) throws(EngineFailure) -> CommandPlan { Self.plan }

    func progressParser() -> any ProgressParser { Silent() }

    private struct Silent: ProgressParser {
        var last: EngineProgress? { nil }

        mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? { nil }
    }

    func classify(_ outcome: CommandOutcome) -> EngineFailure? { nil }

    func verifyPlans(_ job: JobSpec, context: CommandContext) -> [CommandPlan] { [] }

    func verified(
        _ job: JobSpec,
        context: CommandContext,
        encoded: EngineProgress?,
        outcomes: [CommandOutcome]
    ) throws(EngineFailure) -> MediaInfo { context.media }
}
