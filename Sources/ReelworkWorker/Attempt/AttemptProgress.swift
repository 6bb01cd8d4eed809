// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far a run has come

import ReelworkCore
import ReelworkEngineKit
import ReelworkSystem
import Synchronization

/// How far a run has come, as its encoder last said.
final class AttemptProgress: Sendable {
    private struct State {
        var last: EngineProgress?
        var total: Duration?
        var started: BootInstant?
        var ended: BootInstant?
        var isSealed = false
    }

    private let state = Mutex(State())

    /// The encoder has begun; its output will play this long.
    func begin(total: Duration?, now: BootInstant = SystemClock.boot()) {
        state.withLock { state in
            state.total = total
            state.started = now
        }
    }

    /// The encoder said something.
    func note(_ progress: EngineProgress) {
        state.withLock { state in
            var progress = progress
            // Media time that falls back would look like a stall that never ends.
            if let before = state.last?.media {
                progress.media = max(progress.media ?? before, before)
            }
            state.last = progress
        }
    }

    /// The encoder is done, and its film is being dealt with.
    func encoded(now: BootInstant = SystemClock.boot()) { state.withLock { $0.ended = now } }

    /// The film is on disk and waits for its grant.
    func sealed() { state.withLock { $0.isSealed = true } }

    /// How long the encoder has run; nil where it has not begun.
    func encodeTime(now: BootInstant = SystemClock.boot()) -> Duration? {
        state.withLock { state in state.started.map { (state.ended ?? now).since($0) } }
    }

    /// The note for PROGRESS; nil before the encoder has begun.
    func note(
        _ number: JobNumber,
        _ attempt: AttemptNumber,
        now: BootInstant = SystemClock.boot()
    ) -> JobProgress? {
        let state = state.withLock { $0 }
        guard let started = state.started else { return nil }
        let media = state.last?.media ?? .zero
        var note = JobProgress(number: number, attempt: attempt, media: media)
        note.speedMilli = state.last?.speedMilli
        note.framesPerSecondMilli = state.last?.framesPerSecondMilli
        note.bytes = state.last?.bytes
        if state.ended != nil {
            // All media time is written: what follows is no stall.
            note.permille = 1_000
            note.phase = .known(state.isSealed ? .publishing : .verifying)
            note.media = max(media, state.total ?? media)
            note.remaining = .zero
        } else if let total = state.total, total > .zero {
            let share = min(max(media / total, 0), 1)
            note.permille = min(UInt32(share * 1_000), 999)
            let left = max(total - media, .zero)
            note.remaining = AttemptProgress.remaining(
                left,
                speedMilli: state.last?.speedMilli,
                share: share,
                elapsed: now.since(started)
            )
        }
        return note
    }

    /// By the encoder's own speed, else by the time that the share so far has taken.
    private static func remaining(
        _ left: Duration,
        speedMilli: UInt64?,
        share: Double,
        elapsed: Duration
    ) -> Duration? {
        let seconds: Double
        if let speedMilli, speedMilli > 0 {
            seconds = left.seconds * 1_000 / Double(speedMilli)
        } else if share > 0.01 {
            seconds = elapsed.seconds * (1 - share) / share
        } else {
            return nil
        }
        guard seconds.isFinite, seconds < Limits.horizonMax.seconds else { return nil }
        return .milliseconds(Int64(seconds * 1_000))
    }
}
