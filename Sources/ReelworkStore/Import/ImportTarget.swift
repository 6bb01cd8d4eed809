// SPDX-License-Identifier: Apache-2.0
// Reelwork: where imported jobs go

package import ReelworkCore

/// Where imported jobs go: a store, or nowhere in a dry run.
package protocol ImportTarget {
    /// The number that the next job gets.
    var numberNext: JobNumber { get }
    /// Specs of the jobs that live there already, with their numbers.
    var live: [(number: JobNumber, spec: [UInt8])] { get }
    /// Looks up idempotency keys, an answer per key, in order.
    func find(_ keys: [String]) throws(StoreError) -> [JobNumber?]
    /// Makes a batch durable; in a dry run, proves that it could be.
    func apply(_ batch: StoreBatch) throws(StoreError)
}
