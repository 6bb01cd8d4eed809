// SPDX-License-Identifier: Apache-2.0
// Reelwork: an engine that encodes on a GPU, in tests

import FFmpegEngine
import ReelworkCore
import ReelworkEngineKit

/// An engine that needs a session of a GPU and tells its program which one it is to use, as one of
/// ffmpeg's hardware encoders would be told by `-gpu`; all else is FFmpeg's.
struct GPUEngine: EngineAdapter {
    private let inner = FFmpegEngine()

    var about: EngineDescription {
        var about = inner.about
        about.name = "gpu"
        return about
    }

    func probePlans() -> [CommandPlan] { inner.probePlans() }

    func report(probed outcomes: [CommandOutcome]) -> EngineReport {
        var report = inner.report(probed: outcomes)
        report.name = about.name
        report.devices = [ResourceAmount(name: "gpu_session:1", amount: 2)]
        return report
    }

    func support(_ job: JobSpec) throws(EngineRefusal) -> EngineCandidate {
        var candidate = try inner.support(job)
        candidate.engine = about.name
        candidate.needs = [ResourceAmount(name: ResourceAmount.gpuSessionName, amount: 1)]
        return candidate
    }

    func command(_ job: JobSpec, context: CommandContext) throws(EngineFailure) -> CommandPlan {
        guard let gpu = context.device(of: ResourceAmount.gpuSessionName) else {
            throw EngineFailure(
                failureClass: .platformError,
                message: "no GPU was given to it",
                advice: "run it on a worker that has one"
            )
        }
        var plan = try inner.command(job, context: context)
        plan.arguments.insert(contentsOf: ["-gpu", gpu], at: 0)
        return plan
    }

    func inspectPlan() -> CommandPlan { inner.inspectPlan() }

    func inspected(_ outcome: CommandOutcome) throws(EngineFailure) -> MediaInfo {
        try inner.inspected(outcome)
    }

    func timeout(_ job: JobSpec, duration: Duration?, policy: TimeoutPolicy) -> RunLimit {
        inner.timeout(job, duration: duration, policy: policy)
    }

    func progressParser() -> any ProgressParser { inner.progressParser() }

    func classify(_ outcome: CommandOutcome) -> EngineFailure? { inner.classify(outcome) }

    func verifyPlans(_ job: JobSpec, context: CommandContext) -> [CommandPlan] {
        inner.verifyPlans(job, context: context)
    }

    func verified(
        _ job: JobSpec,
        context: CommandContext,
        encoded: EngineProgress?,
        outcomes: [CommandOutcome]
    ) throws(EngineFailure) -> MediaInfo {
        try inner.verified(job, context: context, encoded: encoded, outcomes: outcomes)
    }
}
