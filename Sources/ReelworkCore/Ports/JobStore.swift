// SPDX-License-Identifier: Apache-2.0
// Reelwork: the port to the disk

/// The port to the disk: the source of truth behind the scheduler.
///
/// One thread at a time calls `load`, `find`, `apply`, `checkpoint` and `close` (the writer's); the
/// other operations may be called from any thread at any time and see whole commits only. Every
/// implementation passes the suite in `JobStoreConformanceTests`.
public protocol JobStore: Sendable {
    /// Who this store is: its cluster, its epoch and what it runs on.
    func identity() throws(StoreError) -> StoreIdentity

    /// Reads what scheduling needs after a start: every job that is not terminal, in order of
    /// number, and every worker.
    func load() throws(StoreError) -> StoreSnapshot

    /// Looks up idempotency keys, all of one batch at once; an answer per key, in order.
    func find(_ keys: [String]) throws(StoreError) -> [StoredKey?]

    /// Makes a batch durable in one transaction: all of it or, where it throws, nothing of it.
    ///
    /// Returns after the disk has confirmed. ``StoreError/full(_:)`` leaves the store usable; after
    /// ``StoreError/failed(_:)`` the process must end, for the outcome is not known.
    func apply(_ batch: StoreBatch) throws(StoreError)

    /// Reads one job; nil where there is none.
    func job(_ ref: JobRef) throws(StoreError) -> StoredJob?

    /// Lists jobs, a page at a time.
    func page(_ query: JobQuery) throws(StoreError) -> JobPage

    /// Reads a job's moves after `sequence`, at most `limit`, and whether there are more.
    func history(
        _ number: JobNumber,
        after sequence: UInt64,
        limit: Int
    ) throws(StoreError) -> (moves: [Move], isMore: Bool)

    /// Reads the last bytes of what an attempt's encoder said; the last attempt that left a log
    /// where
    /// `attempt` is none.
    func log(_ number: JobNumber, attempt: AttemptNumber) throws(StoreError) -> StoredLog?

    /// Counts the jobs in each state.
    func counts() throws(StoreError) -> [JobState: UInt64]

    /// Proves that the store is sound: every job's state is the fold of its moves, and more where
    /// `isDeep`.
    func check(isDeep: Bool) throws(StoreError) -> [StoreFinding]

    /// Writes a consistent copy to a new file and returns its size in bytes.
    func backup(to path: String) throws(StoreError) -> UInt64

    /// Moves the write-ahead log into the main file as far as readers let it, where it has grown
    /// past
    /// ``Limits/walBytesCheckpoint`` or `isFinal`.
    func checkpoint(isFinal: Bool) throws(StoreError)

    /// Looks whether what is written can be found by a new start: nobody has moved or removed the
    /// files under the store.
    ///
    /// Cheap, and done by ``apply(_:)`` before it returns; to be called now and then while nothing
    /// is written. Throws ``StoreError/gone(_:)``, after which the process must end.
    func verifyPlace() throws(StoreError)

    /// Ends all connections; nothing may be called after.
    func close()
}
