// SPDX-License-Identifier: Apache-2.0
// Reelwork: how far a worker's clock is from ours

import ReelworkCore

/// How far a worker's wall clock is from the scheduler's, by its reports; for people alone.
///
/// A report says when something happened and may have waited since, in a spool even for hours, so
/// each tells only that the clock is at least so far ahead. The least late one counts until it is
/// old: then the clock may have been set.
struct ClockOffset: Sendable {
    /// The worker's clock minus the scheduler's, in milliseconds; negative where it is behind.
    private(set) var milliseconds: Int64
    private var noted: BootInstant

    /// How long the least late report counts.
    static let ageMax = Duration.seconds(600)

    /// What a report that says `at` tells by itself.
    init(_ at: Timestamp, now: Moment) {
        milliseconds = at.since(now.wall).wholeMilliseconds
        noted = now.boot
    }

    /// What is known of the clock after one more report.
    func updated(_ at: Timestamp, now: Moment) -> ClockOffset {
        let next = ClockOffset(at, now: now)
        let isOld = now.boot.since(noted) >= ClockOffset.ageMax
        return isOld || next.milliseconds >= milliseconds ? next : self
    }
}
