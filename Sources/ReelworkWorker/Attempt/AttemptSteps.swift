// SPDX-License-Identifier: Apache-2.0
// Reelwork: the steps of one run

import Logging
import ReelworkCore
import ReelworkEngineKit
import ReelworkWire
import Synchronization

/// The steps of one run, each from its beginning to the event in which it ends.
///
/// At most one step is under way at a time, but for the encoder's stop.
actor AttemptSteps {
    private let assignment: Assignment
    private let settings: AttemptSettings
    private let logger: Logger
    let key: AttemptKey
    let progress = AttemptProgress()
    /// The hold on the encoder; also the log that LOG_READ asks for.
    let encoder = CommandHandle()
    /// The hold on the probe that is under way.
    private let looking = Mutex<CommandHandle?>(nil)

    private var spec: JobSpec?
    private var files: AttemptFiles?
    private var adapter: (any EngineAdapter)?
    private var context: CommandContext?
    private var encoded: EngineProgress?
    private var filmDuration: Duration?

    init(_ assignment: Assignment, settings: AttemptSettings, logger: Logger) {
        self.assignment = assignment
        self.settings = settings
        self.logger = logger
        key = AttemptKey(id: assignment.id, origin: assignment.attempt)
    }

    // MARK: - Prepare

    /// Makes the folder, removes older parts, looks at the output.
    func prepare() async -> AttemptMachine.Event {
        do throws(ReportItem.Failure) {
            let (files, adapter) = try read()
            self.files = files
            self.adapter = adapter
            let grants = assignment.granted
            let earlier = try await BlockingWork.run { () throws(ReportItem.Failure) -> Grant? in
                try files.checkOutput()
                try files.sweepOlderParts()
                return files.earlierFilm(grants)
            }
            if let earlier { return .prepared(try await takeOver(earlier, files, adapter)) }
            // Nothing is encoded then, so nothing is asked of the input.
            if assignment.isLookOnly { return .prepared(.clear) }
            let (ledger, room) = (settings.ledger, settings.room)
            let isClear = try await BlockingWork.run { () throws(ReportItem.Failure) -> Bool in
                if let folder = files.outputFolder { room.note(folder) }
                try files.checkInput()
                if files.isForeignFileThere { return false }
                try AttemptSteps.note(ledger, files)
                try files.makeScratch(input: files.inputTarget)
                try files.makePart()
                return true
            }
            return .prepared(isClear ? .clear : .foreignFile)
        } catch {
            return .failed(error)
        }
    }

    private func read() throws(ReportItem.Failure) -> (AttemptFiles, any EngineAdapter) {
        let spec: JobSpec
        do throws(WireError) {
            spec = try JobSpec.decode(spec: assignment.spec)
        } catch {
            throw .user("the job cannot be read: \(ShownText.cut("\(error)"))")
        }
        self.spec = spec
        guard let adapter = try? settings.engines.adapter(named: assignment.engine) else {
            throw ReportItem.Failure(
                .capabilityMismatch,
                error: "this worker has no engine \(ShownText.quoted(assignment.engine)); "
                    + "another one may"
            )
        }
        return (AttemptFiles(key: key, spec: spec, settings: settings), adapter)
    }

    private static func note(
        _ ledger: Ledger,
        _ files: AttemptFiles
    ) throws(ReportItem.Failure) {
        do throws(FileError) {
            try ledger.open(files.key, part: files.part, scratch: files.scratch)
        } catch {
            throw ReportItem.Failure(
                .platformError,
                error,
                "the ledger of children cannot be written",
                "see that the worker may write to its --scratch folder"
            )
        }
    }

    /// The film of an earlier attempt stands at its place: looked at, then taken over.
    ///
    /// Size and checksum say that it is the film that was verified before its grant; what is left
    /// to see is that it still opens.
    private func takeOver(
        _ grant: Grant,
        _ files: AttemptFiles,
        _ adapter: any EngineAdapter
    ) async throws(ReportItem.Failure) -> AttemptLook {
        try await BlockingWork.run { () throws(ReportItem.Failure) in
            try files.makeScratch(input: files.output)
            // The one who moved it there may not have got to its sync.
            do throws(FileError) {
                try FileCalls.sync(folder: files.outputFolder ?? "/")
            } catch {
                throw ReportItem.Failure(
                    .platformError,
                    error: "the output's folder cannot be synced: \(error)"
                )
            }
        }
        let outcome = await look(adapter.inspectPlan(), in: files.scratch)
        let media: MediaInfo
        do throws(EngineFailure) {
            media = try adapter.inspected(outcome)
        } catch {
            note(outcome)
            throw ReportItem.Failure(
                .runtimeError,
                error: "the film of attempt \(grant.attempt) stands at the output and does not "
                    + "open: \(error.message)",
                logTail: encoder.log.bytes
            )
        }
        let film = ReportItem.Film(
            output: files.output,
            size: grant.size,
            mediaDuration: media.duration ?? .zero,
            checksum: grant.checksum
        )
        return .earlierFilm(grant, film)
    }

    /// Runs a probe of input or output.
    private func look(
        _ plan: CommandPlan,
        in folder: String,
        parser: (any ProgressParser)? = nil
    ) async -> CommandOutcome {
        let handle = CommandHandle()
        looking.withLock { $0 = handle }
        defer { looking.withLock { $0 = nil } }
        return await settings.commands.run(plan, in: folder, parser: parser, handle: handle)
    }

    /// Adds what a probe has said to the log of the job, whose reader is to see why it failed.
    ///
    /// Some say it on standard output.
    private func note(_ outcome: CommandOutcome) {
        let words = outcome.logTail.isEmpty ? outcome.output : outcome.logTail
        guard !words.isEmpty else { return }
        let isLineOpen = encoder.log.bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        encoder.log.append((isLineOpen ? "\n" : "").utf8)
        encoder.log.append(words.suffix(Limits.probeLogBytesMax))
    }

    /// What an engine says of a probe; the log goes with it.
    private func failure(
        _ error: EngineFailure,
        _ outcome: CommandOutcome?
    ) -> ReportItem.Failure {
        var failure = ReportItem.Failure(error, outcome: outcome)
        failure.logTail = encoder.log.bytes
        return failure
    }

    /// Ends a probe that is under way: its attempt was stopped, and nobody waits for the answer.
    nonisolated func stopLooking() { looking.withLock { $0 }?.stop() }

    // MARK: - Inspect and encode

    /// Probes the input.
    func inspect() async -> AttemptMachine.Event {
        guard let files, let adapter, let spec else { return AttemptSteps.outOfOrder }
        let outcome = await look(adapter.inspectPlan(), in: files.scratch)
        do throws(EngineFailure) {
            let media = try adapter.inspected(outcome)
            context = CommandContext(
                media: media,
                threadsMax: settings.threadsMax,
                devices: assignment.devices
            )
            let limit = adapter.timeout(spec, duration: media.duration, policy: settings.timeouts)
            return .inspected(mediaDuration: media.duration, limit: limit.limit)
        } catch {
            note(outcome)
            return .failed(failure(error, outcome))
        }
    }

    /// Runs the encoder to its end.
    func encode(
        started: @escaping @Sendable (UInt64) -> Void
    ) async -> AttemptMachine.Event {
        guard let files, let adapter, let spec, let context else { return AttemptSteps.outOfOrder }
        let plan: CommandPlan
        do throws(EngineFailure) {
            plan = try adapter.command(spec, context: context)
        } catch {
            return .failed(ReportItem.Failure(error))
        }
        let total = adapter.outputDuration(spec, media: context.media)
        let listener = CommandRunner.Listener(
            started: { [key, settings, progress, logger] helper, program in
                do throws(FileError) {
                    try settings.ledger.child(key, helper: helper, encoder: program)
                } catch {
                    logger.error("[Worker] The ledger cannot be written: \(error)")
                }
                progress.begin(total: total)
                started(UInt64(clamping: program))
            },
            progressed: { [progress] in progress.note($0) }
        )
        let outcome = await settings.commands.run(
            plan,
            in: files.scratch,
            parser: adapter.progressParser(),
            handle: encoder,
            listener: listener
        )
        encoded = outcome.progress
        guard var failure = adapter.classify(outcome) else { return .encoded }
        if failure.failureClass == .runtimeError, await isDiskFull(files) {
            failure.failureClass = .resourceError
            failure.advice = "free space where the output goes: its disk is full"
        }
        return .failed(ReportItem.Failure(failure, outcome: outcome))
    }

    /// Whether the disk of the output has no room left: not every program says so.
    private func isDiskFull(_ files: AttemptFiles) async -> Bool {
        await BlockingWork.run {
            let free = HostFacts.bytesFree(files.outputFolder ?? "/")
            return free.map { $0 < 1 << 20 } ?? false
        }
    }

    // MARK: - Verify and publish

    /// Probes the part.
    func verify() async -> AttemptMachine.Event {
        guard let files, let adapter, let spec, let context else { return AttemptSteps.outOfOrder }
        progress.encoded()
        var outcomes: [CommandOutcome] = []
        for plan in adapter.verifyPlans(spec, context: context) {
            // A plan may count by the encoder's own progress lines.
            outcomes.append(
                await look(plan, in: files.scratch, parser: adapter.progressParser())
            )
        }
        do throws(EngineFailure) {
            let found = try adapter.verified(
                spec,
                context: context,
                encoded: encoded,
                outcomes: outcomes
            )
            filmDuration = found.duration ?? adapter.outputDuration(spec, media: context.media)
            return .verified
        } catch {
            let explained = error.explained(byLogOfEncoder: encoder.log.bytes)
            for outcome in outcomes { note(outcome) }
            return .failed(failure(explained, outcomes.last))
        }
    }

    /// Syncs the part to disk and sums it.
    func seal() async -> AttemptMachine.Event {
        guard let files else { return AttemptSteps.outOfOrder }
        do throws(ReportItem.Failure) {
            let sum = try await BlockingWork.run { () throws(ReportItem.Failure) in
                try files.seal()
            }
            progress.sealed()
            return .sealed(
                ReportItem.Film(
                    output: files.output,
                    size: sum.size,
                    mediaDuration: filmDuration ?? .zero,
                    checksum: sum.checksum
                )
            )
        } catch {
            return .failed(error)
        }
    }

    /// Moves the part to its place.
    func publish() async -> AttemptMachine.Event {
        guard let files else { return AttemptSteps.outOfOrder }
        do throws(ReportItem.Failure) {
            try await BlockingWork.run { () throws(ReportItem.Failure) in try files.publish() }
            return .published
        } catch {
            return .failed(error)
        }
    }

    /// Removes what is left.
    func clean() async -> AttemptMachine.Event {
        guard let files else { return .cleaned }
        let ledger = settings.ledger
        let problems = await BlockingWork.run {
            var problems = files.clean()
            do throws(FileError) { try ledger.close(files.key) } catch { problems.append(error) }
            return problems
        }
        for problem in problems {
            logger.warning("[Worker] Job \(assignment.number): cannot tidy up: \(problem)")
        }
        return .cleaned
    }

    private static let outOfOrder = AttemptMachine.Event.failed(
        ReportItem.Failure(
            .platformError,
            error: "a step came before its turn; please report this as a defect"
        )
    )
}
