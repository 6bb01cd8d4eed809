// SPDX-License-Identifier: Apache-2.0
// Reelwork: one rule that every adapter must keep

/// One rule that every adapter must keep, as a value that any test framework can run.
public struct EngineRule: Sendable, CustomStringConvertible {
    /// The rule in a few words.
    public let description: String
    private let check: @Sendable (inout Breaches) async throws -> Void

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - description: the rule in a few words.
    ///   - check: notes what breaks it; a thrown error breaks it too.
    public init(
        _ description: String,
        check: @escaping @Sendable (inout Breaches) async throws -> Void
    ) {
        self.description = description
        self.check = check
    }

    /// What breaks the rule, in words; empty where it holds.
    public func breaches() async -> [String] {
        var breaches = Breaches()
        do {
            try await check(&breaches)
        } catch {
            breaches.note("it threw: \(error)")
        }
        return breaches.texts
    }
}
