// SPDX-License-Identifier: Apache-2.0
// Reelwork: the port behind which every encoder engine lies

public import ReelworkCore

/// An encoder engine, as the scheduler and the workers see it.
///
/// An adapter is a value that starts no process, opens no file and reads no clock. Where it needs
/// to know something it hands out a ``CommandPlan``; the worker runs that in the attempt's scratch
/// folder and hands the ``CommandOutcome`` back to be read. In that folder the input is always the
/// symbolic link `in` and the output the symbolic link `out` (``ScratchNames``), so that no text of
/// a submitter ever reaches an argument. Every number and word of a parameter is parsed into a
/// typed value and printed again.
///
/// All functions are total: bytes that a program printed may be anything, and none may trap.
public protocol EngineAdapter: Sendable {
    /// What it is: name, title, version, the parameters that it knows.
    var about: EngineDescription { get }

    /// The commands that show whether the engine works on this machine, in order.
    ///
    /// The first prints the version; the others are real test encodes, one an encoder. A worker may
    /// stop after the first where that one fails.
    func probePlans() -> [CommandPlan]

    /// Reads what the probe's commands printed, in the order of ``probePlans()``.
    ///
    /// Outcomes that are missing prove nothing. An encoder is listed only if its test encode
    /// worked.
    func report(probed outcomes: [CommandOutcome]) -> EngineReport

    /// Whether the engine can do the job, and with which encoders.
    ///
    /// - Returns: the candidate: the engine and the encoders that a worker must have proved.
    /// - Throws: ``EngineRefusal`` that says why not and what to do.
    func support(_ job: JobSpec) throws(EngineRefusal) -> EngineCandidate

    /// The command that looks at the input, link `in`.
    func inspectPlan() -> CommandPlan

    /// Reads what the inspection printed.
    ///
    /// - Throws: ``EngineFailure``, mostly an input error.
    func inspected(_ outcome: CommandOutcome) throws(EngineFailure) -> MediaInfo

    /// How long the output will play, which progress and the time that remains are counted against.
    ///
    /// The default is the input's duration, or the common parameter `duration` where that is less.
    ///
    /// - Returns: the duration; nil where it is not known.
    func outputDuration(_ job: JobSpec, media: MediaInfo) -> Duration?

    /// How long a run may take.
    ///
    /// - Parameters:
    ///   - job: what was asked for; its own timeout is a hard limit.
    ///   - duration: how long the input plays; nil where that is not known.
    ///   - policy: the numbers to count with.
    /// - Returns: the limit, and whether it is hard.
    func timeout(_ job: JobSpec, duration: Duration?, policy: TimeoutPolicy) -> RunLimit

    /// The command that encodes link `in` to link `out`.
    ///
    /// - Throws: ``EngineFailure`` where this input cannot be encoded as asked.
    func command(_ job: JobSpec, context: CommandContext) throws(EngineFailure) -> CommandPlan

    /// A new reader of what the encoding command prints on standard output.
    func progressParser() -> any ProgressParser

    /// Why the encode failed; nil where its exit says that it did not.
    ///
    /// A timeout or a cancel is the worker's to know; this one reads only exit and log.
    func classify(_ outcome: CommandOutcome) -> EngineFailure?

    /// The commands that look at the finished file, link `out`.
    ///
    /// - Parameters:
    ///   - job: what was asked for.
    ///   - context: the same as the encode had.
    /// - Returns: the commands, in the order in which their outcomes are handed back.
    func verifyPlans(_ job: JobSpec, context: CommandContext) -> [CommandPlan]

    /// Judges the finished file by what the commands of ``verifyPlans(_:context:)`` printed.
    ///
    /// - Parameters:
    ///   - job: what was asked for.
    ///   - context: the same as the encode had, with what the input was.
    ///   - encoded: the encoder's last word about its progress; nil where none was read.
    ///   - outcomes: in the order of the plans.
    /// - Returns: what the file is.
    /// - Throws: ``EngineFailure`` with the reason ``EngineFailure/outputInvalid``.
    func verified(
        _ job: JobSpec,
        context: CommandContext,
        encoded: EngineProgress?,
        outcomes: [CommandOutcome]
    ) throws(EngineFailure) -> MediaInfo
}

extension EngineAdapter {
    /// The engine's name.
    public var name: String { about.name }

    /// The input's duration, or what is asked for of it.
    public func outputDuration(_ job: JobSpec, media: MediaInfo) -> Duration? {
        guard let plays = RunLimit.plausible(media.duration) else {
            return job.parameter(CommonParameter.duration.rawValue)
                .flatMap(EncodeParameters.duration)
        }
        return RunLimit.kept(of: plays, by: job)
    }
}
