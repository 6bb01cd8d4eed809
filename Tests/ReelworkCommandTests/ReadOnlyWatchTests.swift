// SPDX-License-Identifier: Apache-2.0
// Reelwork: who waits for a full disk is told

import Synchronization
import Testing

@testable import reelwork

/// Goal: who waits for a change is told at once that the scheduler is read-only, hears of the end,
/// and gets an error with what to do where there is none; who does not wait hears nothing.
///
/// Method: changes and answers by script, short times.
@Suite(.timeLimit(.minutes(1)))
struct ReadOnlyWatchTests {
    private final class Script: Sendable {
        let said = Mutex<[String]>([])
        let asked = Atomic<Int>(0)
        let (answers, source) = AsyncStream<Int>.makeStream()
    }

    private static func watch(
        _ script: Script,
        _ isReadOnly: @escaping @Sendable (Int) throws -> Bool
    ) -> ReadOnlyWatch {
        var watch = ReadOnlyWatch {
            let count = script.asked.add(1, ordering: .relaxed).newValue
            defer { script.source.yield(count) }
            return try isReadOnly(count)
        } say: { text in
            script.said.withLock { $0.append(text) }
        }
        watch.askAfter = .milliseconds(1)
        watch.askEvery = .milliseconds(1)
        watch.patience = .milliseconds(50)
        return watch
    }

    /// A change that is done when the scheduler was asked so often.
    private static func done(_ script: Script, after count: Int) async -> Int {
        for await answer in script.answers where answer >= count { return answer }
        return -1
    }

    @Test func aChangeThatIsDoneIsGivenWithoutAWord() async throws {
        let script = Script()
        let value = try await Self.watch(script) { _ in false }.run { 7 }
        #expect(value == 7)
        #expect(script.said.withLock { $0.isEmpty })
    }

    @Test func theWaitIsToldOnceAndItsEndToo() async throws {
        let script = Script()
        var watch = Self.watch(script) { $0 < 4 }
        watch.patience = .seconds(60)
        let value = try await watch.run { await Self.done(script, after: 6) }
        #expect(value >= 6)
        let said = script.said.withLock { $0 }
        #expect(said.count == 2, "\(said)")
        #expect(said.first?.contains("read-only") == true)
        #expect(said.last?.contains("again") == true)
    }

    @Test func aDiskThatStaysFullIsAnErrorOfTheStoreWithWhatToDo() async throws {
        let script = Script()
        await #expect {
            try await Self.watch(script) { _ in true }.run {
                await Self.done(script, after: .max)
            }
        } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.status == .storeFailed && failure.advice.contains("--key")
        }
        #expect(script.said.withLock { $0.count } == 1)
    }

    // An older scheduler, or one that has gone: the change itself says what is wrong.
    @Test func aSchedulerThatCannotBeAskedChangesNothing() async throws {
        let script = Script()
        let watch = Self.watch(script) { _ in throw CommandFailure("gone") }
        #expect(try await watch.run { await Self.done(script, after: 1) } == 1)
        await #expect(throws: CommandFailure.self) {
            try await watch.run { throw CommandFailure("refused") }
        }
    }
}
