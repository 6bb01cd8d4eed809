// SPDX-License-Identifier: Apache-2.0
// Reelwork: what breaks a rule

public import ReelworkEngineKit

/// What was found to break a rule, in words.
public struct Breaches: Sendable {
    /// Texts beyond are left out.
    private static let countMax = 32

    /// What was found, in the order in which it was.
    public private(set) var texts: [String] = []

    /// Makes an empty list.
    public init() {}

    /// Notes a breach.
    public mutating func note(_ text: String) {
        if texts.count < Self.countMax { texts.append(text) }
    }

    /// Notes a breach where something does not hold.
    public mutating func require(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds { note(text()) }
    }

    /// Returns the failure that some work throws; where it throws none that is a breach.
    public mutating func failure(
        _ what: String,
        of work: () async throws -> Void
    ) async -> EngineFailure? {
        do {
            try await work()
            note("\(what): nothing was thrown")
        } catch let failure as EngineFailure {
            return failure
        } catch {
            note("\(what): \(error) is no EngineFailure")
        }
        return nil
    }

    /// Returns the refusal that some work throws; where it throws none that is a breach.
    public mutating func refusal(_ what: String, of work: () throws -> Void) -> EngineRefusal? {
        do {
            try work()
            note("\(what): nothing was thrown")
        } catch let refusal as EngineRefusal {
            return refusal
        } catch {
            note("\(what): \(error) is no EngineRefusal")
        }
        return nil
    }
}
