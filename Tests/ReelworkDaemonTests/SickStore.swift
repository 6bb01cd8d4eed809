// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store that can be made ill

import Dispatch
import ReelworkCore
import Synchronization

/// A store whose disk is full, whose commits hang, or whose reads of jobs fail, while the test says
/// so, and which tells when it is asked to write.
final class SickStore: JobStore {
    private let inner: any JobStore
    private let isFull = Atomic<Bool>(false)
    private let isUnreadable = Atomic<Bool>(false)
    private let calls = Mutex<[String]>([])
    /// Tells of each batch that found no room.
    let refusals: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation
    /// Tells of each read of a job that began.
    let readsBegun: AsyncStream<Void>
    private let readSource: AsyncStream<Void>.Continuation
    private let readTime = Mutex<DispatchTimeInterval?>(nil)
    /// Tells of each batch that waits at the gate.
    let writesHeld: AsyncStream<Void>
    private let heldSource: AsyncStream<Void>.Continuation
    private let isHeld = Atomic<Bool>(false)
    private let gate = DispatchSemaphore(value: 0)
    private let isReadHeld = Atomic<Bool>(false)
    private let readGate = DispatchSemaphore(value: 0)
    private let pagesRead = Atomic<Int>(0)
    private let checkpointBegan = DispatchSemaphore(value: 0)

    init(_ inner: any JobStore) {
        self.inner = inner
        (refusals, source) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        (writesHeld, heldSource) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        (readsBegun, readSource) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Makes reads of jobs last until the final checkpoint begins, or so long.
    func readUntilCheckpoint(atMost time: DispatchTimeInterval) { readTime.withLock { $0 = time } }

    /// Keeps the next batch on its way to the disk until it is let go.
    func hold() { isHeld.store(true, ordering: .sequentiallyConsistent) }

    /// Lets the batch at the gate go, and all after it.
    func letGo() {
        guard isHeld.exchange(false, ordering: .sequentiallyConsistent) else { return }
        gate.signal()
    }

    /// Keeps what the next read of a job found until it is let go.
    func holdRead() { isReadHeld.store(true, ordering: .sequentiallyConsistent) }

    /// Lets the read that is held give what it found.
    func letReadGo() { readGate.signal() }

    func fill(_ value: Bool) { isFull.store(value, ordering: .sequentiallyConsistent) }

    /// Makes reads of jobs fail, or not.
    func setUnreadable(_ value: Bool) {
        isUnreadable.store(value, ordering: .sequentiallyConsistent)
    }

    /// Ends of the store, in order: `read`, `checkpoint`, `close`.
    var ends: [String] { calls.withLock { $0 } }

    func apply(_ batch: StoreBatch) throws(StoreError) {
        if isHeld.load(ordering: .sequentiallyConsistent) {
            heldSource.yield()
            gate.wait()
        }
        guard !isFull.load(ordering: .sequentiallyConsistent) else {
            source.yield()
            throw .full("no space left on device")
        }
        try inner.apply(batch)
    }

    func identity() throws(StoreError) -> StoreIdentity { try inner.identity() }

    func load() throws(StoreError) -> StoreSnapshot { try inner.load() }

    func find(_ keys: [String]) throws(StoreError) -> [StoredKey?] { try inner.find(keys) }

    func job(_ ref: JobRef) throws(StoreError) -> StoredJob? {
        defer { calls.withLock { $0.append("read") } }
        if let time = readTime.withLock({ $0 }) {
            readSource.yield()
            _ = checkpointBegan.wait(timeout: .now() + time)
        }
        guard !isUnreadable.load(ordering: .sequentiallyConsistent) else {
            throw .failed("read error at page 7")
        }
        let found = try inner.job(ref)
        if isReadHeld.exchange(false, ordering: .sequentiallyConsistent) {
            readSource.yield()
            readGate.wait()
        }
        return found
    }

    func page(_ query: JobQuery) throws(StoreError) -> JobPage {
        pagesRead.add(1, ordering: .relaxed)
        return try inner.page(query)
    }

    /// Reads of pages so far.
    var pages: Int { pagesRead.load(ordering: .relaxed) }

    func history(
        _ number: JobNumber,
        after sequence: UInt64,
        limit: Int
    ) throws(StoreError) -> (moves: [Move], isMore: Bool) {
        try inner.history(number, after: sequence, limit: limit)
    }

    func log(_ number: JobNumber, attempt: AttemptNumber) throws(StoreError) -> StoredLog? {
        try inner.log(number, attempt: attempt)
    }

    func counts() throws(StoreError) -> [JobState: UInt64] { try inner.counts() }

    func check(isDeep: Bool) throws(StoreError) -> [StoreFinding] {
        try inner.check(isDeep: isDeep)
    }

    func backup(to path: String) throws(StoreError) -> UInt64 { try inner.backup(to: path) }

    func checkpoint(isFinal: Bool) throws(StoreError) {
        if isFinal {
            calls.withLock { $0.append("checkpoint") }
            checkpointBegan.signal()
        }
        try inner.checkpoint(isFinal: isFinal)
    }

    func verifyPlace() throws(StoreError) { try inner.verifyPlace() }

    func close() {
        calls.withLock { $0.append("close") }
        inner.close()
    }
}
