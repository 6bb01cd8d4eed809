// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does, in a word

/// Why a job stands where it does, in a word for programs (the wire's JOB_WHY).
///
/// The list is closed for a version; a later one may have more, which are shown with their text.
public enum WhyCode: String, CaseIterable, Hashable, Sendable {
    // Of a job that waits.
    /// The time that its submitter gave has not come.
    case notBefore = "not_before"
    /// It failed and waits until it is tried again.
    case backoff
    /// Its queue is paused.
    case pausedQueue = "paused_queue"
    /// Its tenant has all that it may have.
    case tenantCap = "tenant_cap"
    /// It is handed out in its tenant's turn.
    case tenantTurn = "tenant_turn"
    /// No worker is registered.
    case noWorker = "no_worker"
    /// Nobody can run it, and it is rejected where that stays so.
    case unfitGrace = "unfit_grace"
    /// Nothing is encoded any more: the next attempt looks whether an earlier one left its film.
    case lookOnly = "look_only"
    /// How the attempt before failed.
    case failedBefore = "failed_before"

    // Of a job in a worker's hands.
    /// A worker has it and has not started.
    case assigned
    /// It has started, and no progress is known.
    case running
    /// Its media time advances.
    case encoding
    /// It is encoded, and its film is verified.
    case verifying
    /// Its film may be moved to its place.
    case publishing
    /// When its time is over.
    case deadline
    /// Its time was over and was extended.
    case extended
    /// No media progress has been seen for a while, and it is timed out where that stays so.
    case stalledSoon = "stalled_soon"

    // Of a job that is over.
    /// It has ended, and that is not on disk yet.
    case ending
    /// It failed.
    case failed
    /// A failure of this kind is never tried again.
    case notRetriable = "not_retriable"
    /// It was tried as often as its submitter allowed.
    case retriesSpent = "retries_spent"
    /// So many agents died under it that it was given up.
    case quarantined
    /// An administrator failed it.
    case forced
    /// Somebody canceled it.
    case userCanceled = "user_canceled"
    /// It was rejected.
    case rejected
    /// It was completed.
    case completed

    // Of a worker, the nearest to taking the job first.
    /// It is free for the job.
    case free
    /// It is free, and the job was lost there: elsewhere first.
    case lostThere = "lost_there"
    /// It is full.
    case busy
    /// It takes nothing more now.
    case noCredit = "no_credit"
    /// Its connection is lost, and its lease still runs.
    case suspect
    /// It takes no new work.
    case draining
    /// It gets no work, for it failed what others finished.
    case cordoned
    /// It ended of its own will.
    case stopped
    /// It is dead.
    case dead
    /// It said that it cannot run this job.
    case refused
    /// It is too small for the job, however empty.
    case tooSmall = "too_small"
    /// It lacks a label that the job requires.
    case missingLabel = "missing_label"
    /// Its engine lacks an encoder that the job needs.
    case noEncoder = "no_encoder"
    /// Its engine cannot be used.
    case engineBroken = "engine_broken"
    /// It has none of the engines that could run the job.
    case noEngine = "no_engine"

    /// Whether it is of a worker that was considered.
    public var isOfWorker: Bool {
        switch self {
        case .notBefore, .backoff, .pausedQueue, .tenantCap, .tenantTurn, .noWorker, .unfitGrace,
            .lookOnly, .failedBefore, .assigned, .running, .encoding, .verifying, .publishing,
            .deadline, .extended, .stalledSoon, .ending, .failed, .notRetriable, .retriesSpent,
            .quarantined, .forced, .userCanceled, .rejected, .completed:
            false
        case .free, .lostThere, .busy, .noCredit, .suspect, .draining, .cordoned, .stopped, .dead,
            .refused, .tooSmall, .missingLabel, .noEncoder, .engineBroken, .noEngine:
            true
        }
    }

    /// Whether a worker of which this is said could run the job at another time.
    public var isOfAble: Bool {
        switch self {
        case .free, .lostThere, .busy, .noCredit, .suspect, .draining, .cordoned, .stopped, .dead:
            true
        case .refused, .tooSmall, .missingLabel, .noEncoder, .engineBroken, .noEngine, .notBefore,
            .backoff, .pausedQueue, .tenantCap, .tenantTurn, .noWorker, .unfitGrace, .lookOnly,
            .failedBefore, .assigned, .running, .encoding, .verifying, .publishing, .deadline,
            .extended, .stalledSoon, .ending, .failed, .notRetriable, .retriesSpent, .quarantined,
            .forced, .userCanceled, .rejected, .completed:
            false
        }
    }
}
