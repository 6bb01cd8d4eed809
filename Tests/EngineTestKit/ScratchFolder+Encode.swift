// SPDX-License-Identifier: Apache-2.0
// Reelwork: the whole way of an attempt, without a worker

public import ReelworkCore
public import ReelworkEngineKit

extension ScratchFolder {
    /// What an encode came to.
    public struct Encoded: Sendable {
        /// The input.
        public var media: MediaInfo
        /// How the encoder ended.
        public var outcome: CommandOutcome
        /// The verified output.
        public var found: MediaInfo
    }

    /// Probes an engine.
    public func probe(_ engine: any EngineAdapter) async throws -> EngineReport {
        var outcomes: [CommandOutcome] = []
        for plan in engine.probePlans() {
            outcomes.append(try await run(plan, parser: engine.progressParser()))
        }
        return engine.report(probed: outcomes)
    }

    /// Inspects, encodes and verifies as a worker does; any failure is thrown.
    ///
    /// - Parameters:
    ///   - job: what to encode.
    ///   - engine: with what.
    ///   - part: where link `out` points to.
    /// - Returns: input, end and verified output.
    /// - Throws: the engine's refusal or failure.
    public func encode(
        _ job: JobSpec,
        with engine: any EngineAdapter,
        part: String
    ) async throws -> Encoded {
        try link(input: job.input)
        try link(output: part)
        _ = try engine.support(job)
        let looked = try await run(engine.inspectPlan(), parser: engine.progressParser())
        let media = try engine.inspected(looked)
        let context = CommandContext(media: media)
        let plan = try engine.command(job, context: context)
        let outcome = try await run(plan, parser: engine.progressParser())
        if let failure = engine.classify(outcome) { throw failure }
        let found = try await verify(job, with: engine, context: context, outcome.progress)
        return Encoded(media: media, outcome: outcome, found: found)
    }

    /// Verifies what link `out` points to.
    public func verify(
        _ job: JobSpec,
        with engine: any EngineAdapter,
        context: CommandContext,
        _ encoded: EngineProgress?
    ) async throws -> MediaInfo {
        var outcomes: [CommandOutcome] = []
        for plan in engine.verifyPlans(job, context: context) {
            outcomes.append(try await run(plan, parser: engine.progressParser()))
        }
        return try engine.verified(job, context: context, encoded: encoded, outcomes: outcomes)
    }

    /// Counts the video packets of a file with ffprobe, independently of any adapter.
    public func countFrames(_ path: String) async throws -> UInt64? {
        try link(input: path)
        let plan = CommandPlan(
            program: "ffprobe",
            arguments: [
                "-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries",
                "stream=nb_read_packets", "-of", "csv=p=0", "file:in",
            ],
            output: .kept(bytesMax: 4_096)
        )
        let outcome = try await run(plan, parser: NoProgress())
        return WholeNumber.parse(
            outcome.output.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        )
    }
}
