// SPDX-License-Identifier: Apache-2.0
// Reelwork: a store that can be made ill

import ReelworkCore
import ReelworkTestKit
import Synchronization

/// A store in memory whose disk can be made full, and whose reads can be made to fail.
final class SickStore: JobStore {
    private let memory = MemoryJobStore()
    private let isUnreadable = Mutex(false)

    /// Makes the disk full, or not.
    func setFull(_ isFull: Bool) {
        memory.setFault(isFull ? .full("no space left on device") : nil)
    }

    /// Makes reads of jobs fail, or not.
    func setUnreadable(_ isSick: Bool) { isUnreadable.withLock { $0 = isSick } }

    private func checkReadable() throws(StoreError) {
        if isUnreadable.withLock({ $0 }) { throw .failed("read error at page 7") }
    }

    func identity() throws(StoreError) -> StoreIdentity { try memory.identity() }
    func load() throws(StoreError) -> StoreSnapshot { try memory.load() }
    func find(_ keys: [String]) throws(StoreError) -> [StoredKey?] { try memory.find(keys) }
    func apply(_ batch: StoreBatch) throws(StoreError) { try memory.apply(batch) }

    func job(_ ref: JobRef) throws(StoreError) -> StoredJob? {
        try checkReadable()
        return try memory.job(ref)
    }

    func page(_ query: JobQuery) throws(StoreError) -> JobPage { try memory.page(query) }

    func history(
        _ number: JobNumber,
        after sequence: UInt64,
        limit: Int
    ) throws(StoreError) -> (moves: [Move], isMore: Bool) {
        try memory.history(number, after: sequence, limit: limit)
    }

    func log(_ number: JobNumber, attempt: AttemptNumber) throws(StoreError) -> StoredLog? {
        try memory.log(number, attempt: attempt)
    }

    func counts() throws(StoreError) -> [JobState: UInt64] { try memory.counts() }
    func check(isDeep: Bool) throws(StoreError) -> [StoreFinding] {
        try memory.check(isDeep: isDeep)
    }
    func backup(to path: String) throws(StoreError) -> UInt64 { try memory.backup(to: path) }
    func checkpoint(isFinal: Bool) throws(StoreError) { try memory.checkpoint(isFinal: isFinal) }
    func close() { memory.close() }
}
