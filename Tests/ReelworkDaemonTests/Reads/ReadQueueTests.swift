// SPDX-License-Identifier: Apache-2.0
// Reelwork: whose read is next

import Synchronization
import Testing

@testable import ReelworkDaemon

/// Goal: connections take turns, so that one that asks for a thousand pages holds up nobody, and
/// whoever asks for one is never refused for what others wait for.
///
/// Method: the queue alone; each read writes down whose it is.
struct ReadQueueTests {
    private final class Book: Sendable {
        let names = Mutex<[String]>([])
        func task(_ name: String) -> ReadQueue.Task {
            { self.names.withLock { $0.append(name) } }
        }
    }

    private func put(
        _ queue: inout ReadQueue,
        _ task: @escaping ReadQueue.Task,
        _ connection: UInt64
    ) -> Bool {
        queue.put(task, for: connection)
    }

    private func check(
        _ isTaken: Bool,
        _ wanted: Bool,
        _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(isTaken == wanted, sourceLocation: place)
    }

    @Test func connectionsTakeTurns() {
        let book = Book()
        var queue = ReadQueue(countMax: 100)
        for index in 0..<50 { check(put(&queue, book.task("a\(index)"), 1), true) }
        check(put(&queue, book.task("b0"), 2), true)
        check(put(&queue, book.task("b1"), 2), true)
        while let task = queue.take() { task() }
        let names = book.names.withLock { $0 }
        #expect(names.prefix(5) == ["a0", "b0", "a1", "b1", "a2"])
        #expect(names.count == 52)
        #expect(queue.count == 0)
    }

    @Test func oneReadOfEachIsAlwaysTaken() {
        let book = Book()
        var queue = ReadQueue(countMax: 10)
        for index in 0..<20 { check(put(&queue, book.task("a"), 1), index < 10) }
        check(put(&queue, book.task("b"), 2), true)
        check(put(&queue, book.task("b"), 2), false)
        #expect(queue.count == 11)
    }

    @Test func whatAGoneConnectionAskedIsForgotten() {
        let book = Book()
        var queue = ReadQueue(countMax: 10)
        for _ in 0..<5 { check(put(&queue, book.task("a"), 1), true) }
        check(put(&queue, book.task("b"), 2), true)
        queue.forget(1)
        #expect(queue.count == 1)
        // The number may come again, and has one turn a round then.
        check(put(&queue, book.task("c"), 1), true)
        while let task = queue.take() { task() }
        #expect(book.names.withLock { $0.sorted() } == ["b", "c"])
    }

    @Test func aHeldConnectionHasNoTurnBeforeItIsFreed() {
        let book = Book()
        var queue = ReadQueue(countMax: 3, isHolding: true)
        for name in ["a0", "a1"] { check(put(&queue, book.task(name), 1), true) }
        check(put(&queue, book.task("b0"), 2), true)
        // Too many wait, and one of each is taken all the same, also of one that is held.
        check(put(&queue, book.task("b1"), 2), false)
        while let task = queue.take() { task() }
        #expect(book.names.withLock { $0 } == ["a0", "b0"])
        #expect(queue.count == 1)
        check(put(&queue, book.task("b1"), 2), true)
        queue.free(1)
        queue.free(1)
        while let task = queue.take() { task() }
        #expect(book.names.withLock { $0 } == ["a0", "b0", "a1"])
        // One that is gone is not freed again, and leaves nothing behind.
        queue.forget(2)
        queue.free(2)
        queue.free(1)
        #expect(queue.take() == nil)
        #expect(queue.count == 0)
    }

    @Test func muchTrafficLeavesNothingBehind() {
        let book = Book()
        var queue = ReadQueue(countMax: 1_000)
        for round in 0..<10_000 {
            check(put(&queue, book.task("x"), UInt64(round % 7)), true)
            if round % 3 != 0 { queue.take()?() }
            if queue.count > 500 { while let task = queue.take() { task() } }
        }
        while let task = queue.take() { task() }
        #expect(book.names.withLock { $0.count } == 10_000)
        #expect(queue.count == 0)
    }

    @Test func whoComesNewGoesBeforeThoseThatHadATurn() {
        let book = Book()
        var queue = ReadQueue(countMax: 10_000)
        for connection in UInt64(1)...1_000 {
            for _ in 0..<5 { check(put(&queue, book.task("many"), connection), true) }
        }
        for _ in 0..<1_400 { queue.take()?() }
        check(put(&queue, book.task("one"), 2_000), true)
        for _ in 0..<2 { queue.take()?() }
        #expect(book.names.withLock { $0.suffix(2).contains("one") })
    }

    @Test func whoHadATurnIsNotStarvedByThoseWhoCome() {
        let book = Book()
        var queue = ReadQueue(countMax: 10_000)
        for _ in 0..<50 { check(put(&queue, book.task("many"), 1), true) }
        for connection in UInt64(2)...400 {
            check(put(&queue, book.task("one"), connection), true)
        }
        for _ in 0..<200 { queue.take()?() }
        #expect(book.names.withLock { $0.count { $0 == "many" } } >= 49)
    }
}
