// SPDX-License-Identifier: Apache-2.0
// Reelwork: the log of what was committed

import Logging
import ReelworkCore
import ReelworkScheduling

/// The log of what was committed: a line a move, in the words of the seed, and the scheduler's
/// notes.
struct Journal: Sendable {
    let logger: Logger

    /// Logs everything of one commit.
    func record(_ effects: SchedulerEffects) {
        guard logger.logLevel <= .info else { return }
        for move in effects.batch.moves { record(move) }
        for note in effects.notes { record(note) }
    }

    private func record(_ move: MoveRow) {
        let from = move.step.from?.logName ?? "NEW"
        var fields: Logger.Metadata = [
            "attempt": "\(move.attempt)", "actor": "\(move.actor)", "seq": "\(move.sequence)",
        ]
        if !move.worker.isEmpty { fields["worker"] = "\(move.worker)" }
        if let failure = move.failure { fields["class"] = "\(failure.name)" }
        logger.info(
            """
            [FSM] Job job-\(move.number.rawValue): \(from) → \(move.step.to.logName) \
            (reason: \(move.reason))
            """,
            metadata: fields
        )
    }

    private func record(_ note: SchedulerNote) {
        switch note {
        case .workerRegistered(let name, let slots):
            logger.info("[Health] Worker \(name) registered with \(slots) slots")
        case .workerSuspect(let name, let remaining):
            logger.info(
                "[Health] Worker \(name) lost its connection; its lease runs for \(remaining.words)"
            )
        case .workerDead(let name, let silent, let why):
            logger.info(
                "[Health] Worker \(name) dead - \(why)",
                metadata: ["silent": "\(silent.words)"]
            )
        case .workerLeft(let name): logger.info("[Health] Worker \(name) said goodbye")
        case .timedOut(let number, let why):
            logger.info("[Cleanup] Job job-\(number.rawValue) timed out (\(why))")
        case .extended(let number, let window):
            logger.info(
                """
                [Health] Job job-\(number.rawValue) progresses past its deadline: \
                \(window.words) more
                """
            )
        case .recovering(let number, let worker):
            logger.info(
                "[Cleanup] Recovering orphaned job \(number.rawValue) from dead worker \(worker)"
            )
        case .retryScheduled(let number, let retry, let retriesMax, let wait):
            logger.info(
                """
                [Cleanup] Job \(number.rawValue) re-queued for retry \
                (attempt \(retry)/\(retriesMax))
                """,
                metadata: ["wait": "\(wait.words)"]
            )
        case .retriesSpent(let number, let retriesMax):
            logger.info(
                """
                [Cleanup] Job \(number.rawValue) exceeded max retries \
                (\(retriesMax)/\(retriesMax))
                """
            )
        case .queueSet(let queue, let isPaused, let reason, let actor):
            logger.info(
                """
                [Queue] Queue \(queue.name) \(isPaused ? "paused" : "resumed") (reason: \(reason))
                """,
                metadata: ["actor": "\(actor)"]
            )
        case .bumped(let number, let reason, let actor):
            logger.info(
                """
                [Queue] Job job-\(number.rawValue) put before the first of its tenant \
                (reason: \(reason))
                """,
                metadata: ["actor": "\(actor)"]
            )
        case .digestMismatch(let worker):
            logger.info("[Health] Worker \(worker) holds other jobs than expected: asking it")
        case .quarantined(let number, let why):
            logger.warning("[Cleanup] Job \(number.rawValue) \(why)")
        case .handedBackOften(let number, let times, let wait):
            logger.info(
                "[Cleanup] Job \(number.rawValue) came back \(times) times without a failure",
                metadata: ["wait": "\(wait.words)"]
            )
        case .workerCordoned, .workerDraining, .drainOver, .workerResumed, .workerRemoved:
            record(ofWorker: note)
        case .sweepFailed(let loop, let found):
            logger.warning("[\(loop.logName)] found what should not be: \(found)")
        case .loopSet(let loop, let what, let reason, let actor):
            logger.info(
                "[\(loop.logName)] Loop \(what)",
                metadata: ["actor": "\(actor)", "reason": "\(reason)"]
            )
        }
    }

    /// What became of a worker by a decision.
    private func record(ofWorker note: SchedulerNote) {
        switch note {
        case .workerCordoned(let name, let why):
            logger.warning("[Health] Worker \(name) is cordoned: \(why)")
        case .workerDraining(let name, let within, let reason, let actor):
            let end = within.map { "; what is left after \($0.words) is handed back" } ?? ""
            logger.info(
                "[Health] Worker \(name) drains\(end)",
                metadata: ["actor": "\(actor)", "reason": "\(reason)"]
            )
        case .drainOver(let name, let left):
            logger.info("[Health] Worker \(name): the time of its drain is over, \(left) jobs left")
        case .workerResumed(let name, let reason, let actor):
            logger.info(
                "[Health] Worker \(name) takes work again",
                metadata: ["actor": "\(actor)", "reason": "\(reason)"]
            )
        case .workerRemoved(let name, let reason, let actor):
            logger.info(
                "[Health] Worker \(name) is removed",
                metadata: ["actor": "\(actor)", "reason": "\(reason)"]
            )
        case .workerRegistered, .workerSuspect, .workerDead, .workerLeft, .timedOut, .extended,
            .recovering, .retryScheduled, .retriesSpent, .digestMismatch, .quarantined,
            .handedBackOften, .sweepFailed, .loopSet, .queueSet, .bumped:
            break
        }
    }
}
