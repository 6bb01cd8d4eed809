// SPDX-License-Identifier: Apache-2.0
// Reelwork: durations as people write them

import ArgumentParser
import ReelworkCore

/// Durations as people write them: `10s`, `2m`, `1h30m`, `250ms`, `1.5h`, or a plain number of
/// seconds.
enum DurationText {
    /// What is understood, for messages.
    static let form = "a duration such as 10s, 2m, 1h30m or 250ms"

    /// Reads a duration of at most ``Limits/horizonMax``, nothing negative; nil for anything else.
    static func read(_ text: String) -> Duration? { Duration(text: text) }

    /// Reads the value of an option.
    @Sendable
    static func argument(_ text: String) throws -> Duration {
        guard let duration = read(text) else { throw ValidationError("write \(form)") }
        return duration
    }

    /// Reads the value of an option that limits something: above nothing.
    @Sendable
    static func limit(_ text: String) throws -> Duration {
        guard let duration = read(text), duration > .zero else {
            throw ValidationError("expected \(form): longer than nothing, at most \(longest)")
        }
        return duration
    }

    private static let longest = "\(Limits.horizonMax.components.seconds / 86_400) days"
}
