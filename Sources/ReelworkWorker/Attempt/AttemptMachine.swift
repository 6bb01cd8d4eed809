// SPDX-License-Identifier: Apache-2.0
// Reelwork: one run of one job

package import ReelworkCore

/// One run of one job at a worker: from the assignment to the published film.
///
/// A value: the shell around it carries out its actions, each of which ends in one event.
///
/// Invariants:
/// - At most one action is under way, but for the encoder's stop.
/// - The film is moved to its place only in `publishing`, which is entered only by a grant.
/// - Once publishing, nothing stops it: the move is one system call, and the report tells the
/// truth.
/// - Every path ends in `ended`, with at most one terminal report.
package struct AttemptMachine: Sendable {
    /// Where the attempt stands.
    package enum State: Hashable, Sendable {
        /// Nothing was done yet.
        ///
        /// Goes to preparing.
        case idle
        /// The folder is made, older parts are removed, the output is looked at.
        case preparing
        /// The input is probed.
        case inspecting
        /// The encoder is being started, or runs.
        case encoding
        /// The part is probed.
        case verifying
        /// The part is synced to disk and summed.
        case sealing
        /// The scheduler was asked for the grant.
        case awaitingGrant(ReportItem.Film)
        /// The part is moved to its place.
        case publishing(ReportItem.Film)
        /// It was stopped; the encoder ends and the part is removed.
        case stopping(AttemptStop)
        /// It failed; the part is removed.
        case failing(ReportItem.Failure)
        /// Over.
        case ended
    }

    /// What happened.
    package enum Event: Hashable, Sendable {
        /// Begin.
        case begin
        /// The folder is ready and the output was looked at.
        case prepared(AttemptLook)
        /// The input plays this long, and the run may take `limit`.
        case inspected(mediaDuration: Duration?, limit: Duration)
        /// The encoder runs.
        case encoderStarted(pid: UInt64)
        /// The encoder ended well.
        case encoded
        /// The part is what was asked for.
        case verified
        /// The part is on disk.
        case sealed(ReportItem.Film)
        /// The scheduler grants the publish.
        case granted
        /// The film stands at its place.
        case published
        /// A step failed.
        case failed(ReportItem.Failure)
        /// Let go of it.
        case stop(AttemptStop)
        /// The encoder is gone and the part and folder are removed.
        case cleaned
    }

    /// What to do.
    package enum Action: Hashable, Sendable {
        /// Make the folder, remove older parts, look at the output.
        case prepare
        /// Probe the input.
        case inspect
        /// Start the encoder.
        case encode
        /// End the encoder: TERM, then KILL.
        case stopEncoder(grace: Duration)
        /// Probe the part.
        case verify
        /// Sync and sum the part.
        case seal
        /// Move the part to its place.
        case publish
        /// Remove part and folder; where the film was published only the folder is left.
        case clean
        /// Tell the scheduler.
        case report(ReportItem.Content)
        /// The attempt is over, and its slot is free.
        case close
    }

    /// Where it stands.
    package private(set) var state: State = .idle
    /// The retries are spent: look, and do not encode.
    private let isLookOnly: Bool
    private var start = ReportItem.Start()
    private var isEncoderRunning = false
    private var ending: ReportItem.Content?

    /// Makes the machine of one attempt.
    package init(isLookOnly: Bool) {
        self.isLookOnly = isLookOnly
    }

    /// How far it has come, as it would be told to a scheduler that asks.
    package var phase: HeldAttempt.Phase {
        switch state {
        case .idle, .preparing, .inspecting: .assigned
        case .encoding, .verifying, .sealing, .stopping: .running
        case .awaitingGrant: .encoded
        case .publishing: .granted
        case .failing: .failed
        case .ended:
            switch ending {
            case .finished: .published
            case .failed: .failed
            case .started, .ready, .released, nil: .running
            }
        }
    }

    /// Whether the encoder has ended and its film is being dealt with.
    package var isEncoded: Bool {
        switch state {
        case .verifying, .sealing, .awaitingGrant, .publishing: true
        case .idle, .preparing, .inspecting, .encoding, .stopping, .failing, .ended: false
        }
    }

    /// Takes an event and says what to do next.
    ///
    /// Events that come too late say nothing.
    package mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .begin: return begin()
        case .prepared(let look): return prepared(look)
        case .inspected(let media, let limit): return inspected(media, limit)
        case .encoderStarted(let pid): return encoderStarted(pid)
        case .encoded: return encoded()
        case .verified: return verified()
        case .sealed(let film): return sealed(film)
        case .granted: return granted()
        case .published: return published()
        case .failed(let failure): return failed(failure)
        case .stop(let reason): return stop(reason)
        case .cleaned: return cleaned()
        }
    }

    private mutating func begin() -> [Action] {
        switch state {
        case .idle:
            state = .preparing
            return [.prepare]
        case .preparing, .inspecting, .encoding, .verifying, .sealing, .awaitingGrant,
            .publishing, .stopping, .failing, .ended:
            return []
        }
    }

    private mutating func prepared(_ look: AttemptLook) -> [Action] {
        switch state {
        case .preparing:
            switch look {
            case .earlierFilm(let grant, let film): return finish(film, adopting: grant)
            case .foreignFile: return fail(AttemptMachine.outputExists)
            case .clear:
                guard !isLookOnly else { return fail(AttemptMachine.filmMissing) }
                state = .inspecting
                return [.inspect]
            }
        case .stopping, .failing: return [.clean]
        case .idle, .inspecting, .encoding, .verifying, .sealing, .awaitingGrant, .publishing,
            .ended:
            return []
        }
    }

    private mutating func inspected(_ media: Duration?, _ limit: Duration) -> [Action] {
        switch state {
        case .inspecting:
            start.mediaDuration = media
            start.limit = limit
            state = .encoding
            return [.encode]
        case .stopping, .failing: return [.clean]
        case .idle, .preparing, .encoding, .verifying, .sealing, .awaitingGrant, .publishing,
            .ended:
            return []
        }
    }

    private mutating func encoderStarted(_ pid: UInt64) -> [Action] {
        switch state {
        case .encoding:
            isEncoderRunning = true
            start.pid = pid
            return [.report(.started(start))]
        case .stopping(let reason):
            isEncoderRunning = true
            return [.stopEncoder(grace: reason.grace)]
        case .failing:
            isEncoderRunning = true
            return [.stopEncoder(grace: Limits.terminateGrace)]
        case .idle, .preparing, .inspecting, .verifying, .sealing, .awaitingGrant, .publishing,
            .ended:
            return []
        }
    }

    private mutating func encoded() -> [Action] {
        isEncoderRunning = false
        switch state {
        case .encoding:
            state = .verifying
            return [.verify]
        case .stopping, .failing: return [.clean]
        case .idle, .preparing, .inspecting, .verifying, .sealing, .awaitingGrant, .publishing,
            .ended:
            return []
        }
    }

    private mutating func verified() -> [Action] {
        switch state {
        case .verifying:
            state = .sealing
            return [.seal]
        case .stopping, .failing: return [.clean]
        case .idle, .preparing, .inspecting, .encoding, .sealing, .awaitingGrant, .publishing,
            .ended:
            return []
        }
    }

    private mutating func sealed(_ film: ReportItem.Film) -> [Action] {
        switch state {
        case .sealing:
            state = .awaitingGrant(film)
            return [.report(.ready(film))]
        case .stopping, .failing: return [.clean]
        case .idle, .preparing, .inspecting, .encoding, .verifying, .awaitingGrant, .publishing,
            .ended:
            return []
        }
    }

    private mutating func granted() -> [Action] {
        switch state {
        case .awaitingGrant(let film):
            state = .publishing(film)
            return [.publish]
        case .idle, .preparing, .inspecting, .encoding, .verifying, .sealing, .publishing,
            .stopping, .failing, .ended:
            return []
        }
    }

    private mutating func published() -> [Action] {
        switch state {
        case .publishing(let film):
            state = .ended
            ending = .finished(film, ReportItem.Finish())
            return [.clean, .report(.finished(film, ReportItem.Finish())), .close]
        case .idle, .preparing, .inspecting, .encoding, .verifying, .sealing, .awaitingGrant,
            .stopping, .failing, .ended:
            return []
        }
    }

    private mutating func failed(_ failure: ReportItem.Failure) -> [Action] {
        switch state {
        case .idle, .preparing, .inspecting, .encoding, .verifying, .sealing, .awaitingGrant,
            .publishing:
            return fail(failure)
        case .stopping, .failing:
            isEncoderRunning = false
            return [.clean]
        case .ended: return []
        }
    }

    private mutating func stop(_ reason: AttemptStop) -> [Action] {
        switch state {
        case .idle, .awaitingGrant:
            state = .stopping(reason)
            return [.clean]
        case .preparing, .inspecting, .verifying, .sealing:
            // The action under way ends by itself, soon; its event finds the state changed.
            state = .stopping(reason)
            return []
        case .encoding:
            state = .stopping(reason)
            return isEncoderRunning ? [.stopEncoder(grace: reason.grace)] : []
        case .stopping(let before):
            let isSooner = reason.grace < before.grace
            // A verdict that nothing more is to be said outranks a revoke; else the first one is
            // told, unless the next gives less time.
            if before != .forgotten, reason == .forgotten || isSooner { state = .stopping(reason) }
            return isSooner && isEncoderRunning ? [.stopEncoder(grace: reason.grace)] : []
        case .publishing, .failing, .ended: return []
        }
    }

    private mutating func cleaned() -> [Action] {
        switch state {
        case .stopping(let reason):
            state = .ended
            guard let release = reason.release else { return [.close] }
            ending = .released(release, error: nil)
            return [.report(.released(release, error: nil)), .close]
        case .failing(let failure):
            state = .ended
            ending = .failed(failure)
            return [.report(.failed(failure)), .close]
        case .idle, .preparing, .inspecting, .encoding, .verifying, .sealing, .awaitingGrant,
            .publishing, .ended:
            return []
        }
    }

    // MARK: - What the rows share

    private mutating func fail(_ failure: ReportItem.Failure) -> [Action] {
        state = .failing(failure)
        isEncoderRunning = false
        return [.clean]
    }

    private mutating func finish(_ film: ReportItem.Film, adopting grant: Grant) -> [Action] {
        state = .ended
        let content = ReportItem.Content.finished(
            film,
            ReportItem.Finish(adopted: grant.attempt)
        )
        ending = content
        return [.clean, .report(content), .close]
    }

    private static let outputExists = ReportItem.Failure(
        .userError,
        error: "the output exists already; remove it, choose another, or submit with --overwrite"
    )
    private static let filmMissing = ReportItem.Failure(
        .platformError,
        error: "its worker was lost while it published, and no film stands at the output; "
            + "the retries are spent"
    )
}
