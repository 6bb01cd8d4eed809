// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine of which only the choice matters

import ReelworkCore
import ReelworkEngineKit

/// An engine of which only name, strengths and refusals matter.
struct StubEngine: EngineAdapter {
    var about: EngineDescription
    private var refuses: [String]
    private var needs: [ResourceAmount]

    init(
        _ name: String,
        _ strengths: Set<EngineStrength>,
        refuses: [String] = [],
        encoders: [String] = ["stub"],
        needs: [ResourceAmount] = []
    ) {
        about = EngineDescription(
            name: name,
            adapterVersion: 1,
            title: name,
            strengths: strengths,
            parameters: [],
            encoders: encoders
        )
        self.refuses = refuses
        self.needs = needs
    }

    func support(_ job: JobSpec) throws(EngineRefusal) -> EngineCandidate {
        if let name = job.parameters.map(\.key).first(where: { refuses.contains($0) }) {
            throw EngineRefusal(kind: .unsupported, parameter: name, message: "no \(name)")
        }
        return EngineCandidate(
            engine: about.name,
            encoders: ["stub"],
            needs: needs,
            estimates: [ResourceAmount(name: "cpu", amount: 4)]
        )
    }

    private static let plan = CommandPlan(program: "true", arguments: [], output: .progress)

    func probePlans() -> [CommandPlan] { [] }

    func report(probed outcomes: [CommandOutcome]) -> EngineReport {
        EngineReport(name: about.name, version: "1", encoders: ["stub"])
    }

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
