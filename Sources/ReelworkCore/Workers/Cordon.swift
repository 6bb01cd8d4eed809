// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a worker gets nothing

/// Why a worker that lives gets nothing more, until somebody resumes it.
public struct Cordon: Hashable, Sendable {
    /// Since when.
    public var since: Timestamp
    /// Why, in words.
    public var reason: String

    /// Makes a cordon.
    public init(since: Timestamp, reason: String) {
        self.since = since
        self.reason = reason
    }
}
