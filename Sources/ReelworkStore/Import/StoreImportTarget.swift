// SPDX-License-Identifier: Apache-2.0
// Reelwork: an import into a store

package import ReelworkCore

/// An import into a store, through the port that the scheduler uses.
package struct StoreImportTarget: ImportTarget {
    private let store: any JobStore
    /// The number that the next job gets.
    package let numberNext: JobNumber
    /// Specs of the jobs that live there already, with their numbers.
    package let live: [(number: JobNumber, spec: [UInt8])]

    /// Takes a store that nobody else uses.
    package init(_ store: any JobStore) throws(StoreError) {
        self.store = store
        let snapshot = try store.load()
        numberNext = snapshot.nextNumber
        live = snapshot.jobs.map { ($0.insert.number, $0.insert.spec) }
    }

    /// Looks up idempotency keys, an answer per key, in order.
    package func find(_ keys: [String]) throws(StoreError) -> [JobNumber?] {
        try store.find(keys).map { $0?.number }
    }

    /// Makes a batch durable.
    package func apply(_ batch: StoreBatch) throws(StoreError) {
        try store.apply(batch)
        try store.checkpoint(isFinal: false)
    }
}
