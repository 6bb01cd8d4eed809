// SPDX-License-Identifier: Apache-2.0
// Reelwork: waits for what must come

/// What did not come in time.
struct NeverCame: Error, CustomStringConvertible {
    var what: String
    var limit: Duration

    var description: String { "not within \(limit): \(what)" }
}

/// Looks every few milliseconds until there is an answer; throws where none comes in time.
func eventually<Value>(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ look: () async throws -> Value?
) async throws -> Value {
    let start = ContinuousClock.now
    while true {
        if let value = try await look() { return value }
        guard start.duration(to: .now) < limit else { throw NeverCame(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(4))
    }
}

/// Looks every few milliseconds until it is so; throws where that does not come in time.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ isSo: () async throws -> Bool
) async throws {
    let _: Bool = try await eventually(what, within: limit) { try await isSo() ? true : nil }
}
