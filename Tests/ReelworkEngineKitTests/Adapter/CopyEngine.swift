// SPDX-License-Identifier: Apache-2.0
// Reelwork: the example of WritingAnAdapter

import ReelworkCore
import ReelworkEngineKit

/// Copies a file and compares the copy: the whole adapter that WritingAnAdapter explains.
struct CopyEngine: EngineAdapter {
    var about: EngineDescription {
        EngineDescription(
            name: "copy",
            adapterVersion: 1,
            title: "Copies a file and compares the copy",
            strengths: [.files],
            parameters: [
                ParameterDescription(
                    name: "sparse",
                    kind: .choice(Sparse.allCases.map(\.rawValue)),
                    defaultText: "auto",
                    summary: "Whether holes stay holes."
                )
            ],
            encoders: ["copy"]
        )
    }

    private enum Sparse: String, CaseIterable {
        case auto
        case always
        case never
    }

    func probePlans() -> [CommandPlan] {
        [tool("cp", ["--version"])]
    }

    func report(probed outcomes: [CommandOutcome]) -> EngineReport {
        let works = outcomes.first?.isSuccess == true
        return EngineReport(
            name: about.name,
            version: works ? "coreutils" : "",
            encoders: works ? ["copy"] : [],
            problem: works ? nil : "cp does not work; install coreutils",
            adapterVersion: about.adapterVersion
        )
    }

    func support(_ job: JobSpec) throws(EngineRefusal) -> EngineCandidate {
        try MediaLocation.requireFiles(job, engine: about.name)
        _ = try sparse(job)
        return EngineCandidate(engine: about.name, encoders: ["copy"])
    }

    private func sparse(_ job: JobSpec) throws(EngineRefusal) -> Sparse {
        let known = about.parameters.map(\.name)
        for parameter in job.parameters + job.secrets where !known.contains(parameter.key) {
            throw .unknown(parameter.key, known: known, engine: about.name)
        }
        guard let word = job.parameter("sparse") else { return .auto }
        guard let sparse = Sparse(rawValue: word) else {
            let expected = about.parameters[0].kind.expectation
            throw .invalid("sparse", expected: expected, came: word)
        }
        return sparse
    }

    func inspectPlan() -> CommandPlan {
        tool("wc", ["-c", ScratchNames.input])
    }

    func inspected(_ outcome: CommandOutcome) throws(EngineFailure) -> MediaInfo {
        if let failure = EngineFailure(outcome, program: "wc", clues: clues) { throw failure }
        return MediaInfo(duration: nil, container: "bytes", streams: [])
    }

    func timeout(_ job: JobSpec, duration: Duration?, policy: TimeoutPolicy) -> RunLimit {
        RunLimit(job, engineLimit: policy.unknownDuration)
    }

    func command(
        _ job: JobSpec,
        context: CommandContext
    ) throws(EngineFailure) -> CommandPlan {
        let sparse: Sparse
        do { sparse = try self.sparse(job) } catch { throw EngineFailure(error) }
        return CommandPlan(
            program: "cp",
            arguments: [
                "--sparse=\(sparse.rawValue)", "--", ScratchNames.input, ScratchNames.output,
            ],
            output: .progress,
            environment: [.plainLocale]
        )
    }

    func progressParser() -> any ProgressParser { Silent() }

    private struct Silent: ProgressParser {
        var last: EngineProgress? { nil }

        mutating func consume(_ bytes: some Sequence<UInt8>) -> EngineProgress? { nil }
    }

    func classify(_ outcome: CommandOutcome) -> EngineFailure? {
        EngineFailure(outcome, program: "cp", clues: clues)
    }

    func verifyPlans(_ job: JobSpec, context: CommandContext) -> [CommandPlan] {
        [tool("cmp", [ScratchNames.input, ScratchNames.output])]
    }

    func verified(
        _ job: JobSpec,
        context: CommandContext,
        encoded: EngineProgress?,
        outcomes: [CommandOutcome]
    ) throws(EngineFailure) -> MediaInfo {
        guard outcomes.first?.isSuccess == true else {
            throw .invalidOutput("the copy is not equal")
        }
        return context.media
    }

    private let clues =
        LogClue.machine + [
            LogClue("No such file", .inputError, "the input is not there", "check the path")
        ]

    private func tool(_ program: String, _ arguments: [String]) -> CommandPlan {
        CommandPlan(
            program: program,
            arguments: arguments,
            output: .kept(bytesMax: 4_096),
            environment: [.plainLocale],
            timeMax: Limits.probeTime
        )
    }
}
