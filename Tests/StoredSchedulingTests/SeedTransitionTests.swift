// SPDX-License-Identifier: Apache-2.0
// Reelwork: the nineteen cases of the predecessor's TestValidateTransition, on the store

import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

/// Goal: the store takes and refuses the moves that the predecessor's test names.
///
/// Method: a job is brought to the first state by the law; then a batch with the one move is
/// written, and where it is refused nothing has changed. Seed: TestValidateTransition.
struct SeedTransitionTests {
    /// A case: two states by name, some of them legacy, and whether the move is legal.
    struct Case: CustomTestStringConvertible, Sendable {
        var from: String
        var to: String
        var isLegal: Bool

        var testDescription: String { "\(from) to \(to)" }
    }

    static let cases: [Case] =
        [
            ("queued", "assigned"), ("queued", "canceled"), ("assigned", "running"),
            ("assigned", "retrying"), ("running", "completed"), ("running", "failed"),
            ("running", "timed_out"), ("timed_out", "retrying"), ("retrying", "queued"),
            ("retrying", "failed"),
            // Names of older versions.
            ("pending", "assigned"), ("processing", "completed"),
        ].map { Case(from: $0.0, to: $0.1, isLegal: true) }
        + [
            ("queued", "completed"), ("queued", "running"), ("assigned", "completed"),
            ("completed", "running"), ("completed", "retrying"), ("failed", "running"),
            ("canceled", "queued"),
        ].map { Case(from: $0.0, to: $0.1, isLegal: false) }

    /// The events that bring a new job to a state.
    private static func way(to state: JobState) -> [JobEvent] {
        let first = AttemptNumber(1)
        switch state {
        case .queued: return []
        case .assigned: return [.assigned]
        case .running, .timedOut: return [.assigned, .started(first)]
        case .completed: return [.assigned, .finished(first, .noFile)]
        case .failed: return [.assigned, .failed(first, .userError, final: false)]
        case .retrying: return [.assigned, .failed(first, .runtimeError, final: false)]
        case .canceled: return [.canceled]
        case .rejected: return [.rejected]
        }
    }

    @Test func thereAreNineteen() { #expect(Self.cases.count == 19) }

    @Test(arguments: cases)
    func validateTransition(_ test: Case) throws {
        let folder = StoredFolder()
        let store = try folder.open()
        let from = try #require(JobState(name: test.from))
        let to = try #require(JobState(name: test.to))
        var life = JobLife(1)
        var batch = StoreBatch()
        life.submit(into: &batch)
        for event in Self.way(to: from) { try life.handle(event, into: &batch) }
        try store.apply(batch)
        let before = try #require(try store.job(.number(JobNumber(1))))
        let machine = before.row.machine
        // Timed out is never at rest: it is entered and left in one batch.
        var steps = [JobStep(from: from, to: to)]
        if from == .timedOut { steps.insert(JobStep(from: .running, to: .timedOut), at: 0) }
        if to == .timedOut { steps.append(JobStep(from: .timedOut, to: .retrying)) }
        let end = steps[steps.count - 1].to
        let attempt = AttemptNumber(machine.attempt.rawValue + (end == .assigned ? 1 : 0))
        var row = before.row
        row.machine = JobMachine(
            restoring: end,
            attempt: attempt,
            retryCount: machine.retryCount,
            retriesMax: machine.retriesMax,
            moves: machine.moves + UInt32(steps.count)
        )
        row.completed = end.isTerminal ? life.now : nil
        var move = StoreBatch()
        move.rows = [row]
        move.moves = steps.enumerated().map { index, step in
            MoveRow(
                number: JobNumber(1),
                queue: .standard,
                sequence: machine.moves + UInt32(index) + 1,
                step: step,
                at: life.now,
                reason: "test",
                attempt: attempt,
                worker: "w1",
                actor: "test"
            )
        }
        if test.isLegal {
            try store.apply(move)
        } else {
            #expect(throws: StoreError.self) { try store.apply(move) }
        }
        let after = try store.job(.number(JobNumber(1)))
        #expect(after == (test.isLegal ? StoredJob(insert: before.insert, row: row) : before))
        let history = try store.history(JobNumber(1), after: UInt64(machine.moves), limit: 9).moves
        #expect(history.map(\.to.value) == (test.isLegal ? steps.map(\.to) : []))
        #expect(try store.check(isDeep: true).allSatisfy(\.isSound))
        store.close()
    }
}
