// SPDX-License-Identifier: Apache-2.0
// Reelwork: the thread that decides

import ReelworkCore
import ReelworkScheduling
import ReelworkSystem
import Synchronization

/// The thread that decides: the single owner of the ``Scheduler`` value.
///
/// It takes all letters of the inbox, looks up what they name, applies them, and gives the effects
/// to the pipeline as soon as that is idle. While a commit is under way it goes on applying, and
/// answers heartbeats. A commit that takes a third of a lease stops the clocks of workers and runs:
/// they are not at fault, so until it is over nobody is declared dead, and then all get a grace.
final class SchedulerLoop: Sendable {
    private let inbox: Inbox
    private let pipeline: CommitPipeline
    private let store: any JobStore
    private let contents: SpecContents
    private let loops: LoopBoard
    private let gate: WriteGate
    /// A read from the store failed: the process must end.
    private let exit: @Sendable (StoreError) -> Void
    /// Sends answers that depend on no commit, while the disk is full.
    private let releaseNow: @Sendable ([SchedulerOutput]) -> Void
    /// Connections may be read on that were held while the inbox was full.
    private let resume: @Sendable ([SessionID]) -> Void
    private let thread = Mutex<DedicatedThread?>(nil)

    init(
        inbox: Inbox,
        pipeline: CommitPipeline,
        store: any JobStore,
        contents: SpecContents,
        loops: LoopBoard,
        gate: WriteGate,
        releaseNow: @escaping @Sendable ([SchedulerOutput]) -> Void,
        resume: @escaping @Sendable ([SessionID]) -> Void,
        exit: @escaping @Sendable (StoreError) -> Void
    ) {
        self.inbox = inbox
        self.pipeline = pipeline
        self.store = store
        self.contents = contents
        self.loops = loops
        self.exit = exit
        self.gate = gate
        self.releaseNow = releaseNow
        self.resume = resume
    }

    /// Starts the thread, which owns the scheduler from here on.
    func start(_ scheduler: consuming Scheduler) throws(DaemonError) {
        let owned = Mutex<Scheduler?>(scheduler)
        let started = DedicatedThread(name: "scheduler") { [self] in
            guard var scheduler = owned.withLock({ $0.take() }) else { return }
            run(&scheduler)
        }
        guard let started else { throw .resources("no thread can be started") }
        thread.withLock { $0 = started }
    }

    /// Stops after all letters that were posted before.
    func stop() {
        inbox.post(.stop)
        inbox.ring()
        thread.withLock { thread in
            defer { thread = nil }
            return thread
        }?.join()
    }

    private func run(_ scheduler: inout Scheduler) {
        var letters: [Letter] = []
        var isStopping = false
        var wait = CommitWait(patience: scheduler.policy.leaseDuration / 3)
        while true {
            letters.removeAll(keepingCapacity: true)
            // While the disk is full the door takes no changes, and whoever looks must be answered.
            if scheduler.pendingMoves < Limits.commitMovesMax || gate.isShut || pipeline.isStopped {
                let held = inbox.take(into: &letters)
                if !held.isEmpty { resume(held) }
                dropExpired(&letters)
            } else {
                hearPulses(&scheduler)
            }
            let begin = SystemClock.boot()
            isStopping = handle(letters, &scheduler) || isStopping
            // What letters name is read from the disk. Where that hung, the heartbeats of the time
            // wait behind, and nobody is dead for it.
            let after = SystemClock.now()
            if after.boot.since(begin) >= scheduler.policy.leaseDuration / 3 {
                scheduler.handle(.resumed, now: after)
            }
            let prompt = scheduler.takePrompt()
            if !prompt.isEmpty { releaseNow(prompt) }
            let isIdle = pipeline.isIdle
            if isIdle, wait.end(now: SystemClock.boot()) {
                scheduler.handle(.resumed, now: SystemClock.now())
            }
            let isStuck = wait.isLong(now: SystemClock.boot())
            if !isStuck { sweep(&scheduler) }
            let now = SystemClock.now()
            let isDue = scheduler.nextTimer.map { $0 <= now.boot } ?? false
            if isIdle, scheduler.hasPending || isDue || scheduler.isUnsettled {
                let number = scheduler.commit
                let effects = scheduler.settle(now: now)
                if !effects.isEmpty {
                    wait.begin(now: now.boot)
                    pipeline.take(number, effects)
                }
                continue
            }
            let isHeld = gate.isShut
            if isHeld {
                let answers = scheduler.takeIndependent()
                if !answers.isEmpty { releaseNow(answers) }
            }
            // While the disk is full the batch under way may wait for ever; nothing of it was
            // answered, so the end need not wait for it. A store that failed writes nothing more.
            if isStopping, isIdle || isHeld || pipeline.isStopped { return }
            guard letters.isEmpty else { continue }
            let timer = isIdle ? scheduler.nextTimer ?? .distantFuture : .distantFuture
            inbox.wait(until: min(timer, isHeld || isStuck ? .distantFuture : loops.nextAt))
        }
    }

    /// No letters are taken while a commit is under way and the next one is full; workers live all
    /// the same.
    private func hearPulses(_ scheduler: inout Scheduler) {
        let pulses = inbox.takePulses { scheduler.hears($0) }
        let signs = inbox.takeSigns()
        guard !pulses.isEmpty || !signs.isEmpty else { return }
        let now = SystemClock.now()
        for sign in signs { scheduler.handle(.life(sign), now: now) }
        for (tag, session) in pulses { scheduler.handle(.pulse(tag, session), now: now) }
    }

    /// Answers what has waited for longer than its sender does, before anything of it is done.
    private func dropExpired(_ letters: inout [Letter]) {
        var late: [SchedulerOutput] = []
        for (index, letter) in letters.enumerated() {
            guard case .expiring(let tag, let expiry, let content) = letter else { continue }
            if SystemClock.boot() < expiry {
                letters[index] = content
            } else {
                late.append(
                    .answer(
                        tag,
                        .refused(.timeout, detail: RequestRouter.lateWords, retryAfter: .zero)
                    )
                )
            }
        }
        guard !late.isEmpty else { return }
        letters.removeAll { if case .expiring = $0 { true } else { false } }
        releaseNow(late)
    }

    /// Each commit looks too; this is for the times in which nothing is written.
    private func verifyPlace() {
        do throws(StoreError) {
            try store.verifyPlace()
        } catch {
            exit(error)
        }
    }

    private func sweep(_ scheduler: inout Scheduler) {
        // Nothing may change that cannot be written.
        guard !gate.isShut else { return }
        let start = SystemClock.now()
        for loop in loops.due(now: start.boot) {
            run(loop, &scheduler)
        }
    }

    /// One turn of a loop; one that finds what should not be is counted, and has its next turn.
    @discardableResult
    private func run(_ loop: SchedulerSweep, _ scheduler: inout Scheduler) -> SweepFault? {
        let begin = SystemClock.now()
        if loop == .health { verifyPlace() }
        var fault: SweepFault?
        do throws(SweepFault) {
            try scheduler.run(loop, now: begin)
        } catch {
            fault = error
        }
        loops.ran(
            loop,
            at: begin.wall,
            took: SystemClock.boot().since(begin.boot),
            error: fault?.found
        )
        return fault
    }

    /// Starts, stops or runs a loop.
    ///
    /// A run is answered after the commit of what it changed; the others change nothing stored.
    private func set(_ order: LoopOrder, _ tag: RequestTag, _ scheduler: inout Scheduler) {
        guard let loop = SchedulerSweep(name: order.name) else {
            let names = SchedulerSweep.allCases.map(\.name).joined(separator: ", ")
            let result = ItemResult(.notFound, detail: "there is no such loop; there are \(names)")
            releaseNow([.answer(tag, .results([result]))])
            return
        }
        let (reason, actor) = (order.reason, order.actor)
        switch order.action {
        case .start, .stop:
            let isRunning = order.action == .start
            if loops.set(loop, isRunning: isRunning, now: SystemClock.boot()) {
                let what = isRunning ? "started" : "stopped"
                scheduler.noteLoop(loop, what, reason: reason, actor: actor)
            }
            releaseNow([.answer(tag, .results([ItemResult(.ok)]))])
        case .run:
            if let error = gate.refusal {
                let words = "nothing can be changed now: \(error.explanation)"
                let refusal = SchedulerAnswer.refused(
                    .storageReadOnly,
                    detail: words,
                    retryAfter: .seconds(1)
                )
                releaseNow([.answer(tag, refusal)])
                return
            }
            scheduler.noteLoop(loop, "run once", reason: reason, actor: actor)
            let fault = run(loop, &scheduler)
            scheduler.answer(
                tag,
                fault.map { ItemResult(.internal, detail: $0.found) } ?? ItemResult(.ok)
            )
        }
    }

    /// Applies letters; true where one says stop.
    private func handle(_ letters: [Letter], _ scheduler: inout Scheduler) -> Bool {
        guard !letters.isEmpty else { return false }
        var keys: [String] = []
        for case .submit(_, let submissions, _, _) in letters {
            for submission in submissions { keys.append(submission.key) }
        }
        var isStopping = false
        do throws(StoreError) {
            var found = keys.isEmpty ? [] : try store.find(keys)[...]
            let now = SystemClock.now()
            for letter in letters {
                switch letter {
                case .submit(let tag, var submissions, let isAtomic, let actor):
                    for index in submissions.indices {
                        submissions[index].existing = found.popFirst() ?? nil
                    }
                    scheduler.handle(
                        .submit(tag, submissions, isAtomic: isAtomic, actor: actor),
                        now: now
                    )
                case .stop: isStopping = true
                case .loop(let tag, let order): set(order, tag, &scheduler)
                default:
                    if let input = try input(of: letter, scheduler) {
                        scheduler.handle(input, now: now)
                    }
                }
            }
        } catch {
            exit(error)
        }
        return isStopping
    }

    /// Looks up what a letter names.
    private func input(
        of letter: Letter,
        _ scheduler: borrowing Scheduler
    ) throws(StoreError) -> SchedulerInput? {
        switch letter {
        case .input(let input): return input
        case .cancel(let tag, let refs, let reason, let actor):
            return .cancel(tag, try resolve(refs), reason: reason, actor: actor)
        case .recover(let tag, let refs, var order):
            if case .jobs = order.target { order.target = .jobs(try resolve(refs)) }
            return .recover(tag, order)
        case .retry(let tag, let requests, let reason, let actor):
            return .retry(tag, try orders(requests), reason: reason, actor: actor)
        case .bump(let tag, let refs, let reason, let actor):
            return .bump(tag, try resolve(refs), reason: reason, actor: actor)
        case .register(let tag, let session, let registration, let held):
            return .register(tag, session, registration, held: try resolve(held))
        case .inventory(let session, let seen, let held):
            return .inventory(session, assignedSeen: seen, try resolve(held))
        case .report(let tag, let session, let limit, let items):
            var ended: [JobNumber: JobMachine] = [:]
            for item in items where !scheduler.knows(item.number) {
                ended[item.number] = try store.job(.number(item.number))?.row.machine
            }
            return .report(tag, session, assignLimit: limit, items, ended: ended)
        // Those that expire were opened, or answered, when they were taken.
        case .submit, .stop, .expiring, .loop: return nil
        }
    }

    /// Looks up the jobs that are to run once more, with their specs and the new ones' keys.
    private func orders(_ requests: [RetryRequest]) throws(StoreError) -> [RetryOrder] {
        let found = try store.find(requests.map(\.key))
        var orders: [RetryOrder] = []
        for (request, existing) in zip(requests, found) {
            let parent = try store.job(request.ref)
            let spec = parent?.insert.spec ?? []
            var key: String?
            if parent == nil, case .key(let name) = request.ref { key = name }
            orders.append(
                RetryOrder(
                    parent: ResolvedJob(
                        number: parent?.row.number,
                        stored: parent?.row.machine,
                        key: key
                    ),
                    submission: Submission(
                        key: request.key,
                        bytes: spec,
                        content: parent == nil
                            ? .failure(
                                Submission.Refusal(
                                    code: .notFound,
                                    detail: "there is no such job"
                                )
                            ) : contents.content(of: spec),
                        existing: existing
                    )
                )
            )
        }
        return orders
    }

    private func resolve(_ refs: [JobRef]) throws(StoreError) -> [ResolvedJob] {
        var result: [ResolvedJob] = []
        for ref in refs { result.append(try resolve(ref)) }
        return result
    }

    private func resolve(_ held: [HeldAttempt]) throws(StoreError) -> [ResolvedHeld] {
        var result: [ResolvedHeld] = []
        for item in held {
            result.append(ResolvedHeld(held: item, job: try resolve(.id(item.id))))
        }
        return result
    }

    private func resolve(_ ref: JobRef) throws(StoreError) -> ResolvedJob {
        guard let job = try store.job(ref) else {
            if case .key(let key) = ref { return ResolvedJob(number: nil, key: key) }
            return ResolvedJob(number: nil)
        }
        return ResolvedJob(number: job.row.number, stored: job.row.machine)
    }
}
