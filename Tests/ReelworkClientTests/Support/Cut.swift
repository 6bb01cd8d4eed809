// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a connection is cut

/// Where a connection is cut.
struct Cut: Hashable, Sendable, CustomStringConvertible {
    /// Whether the client's bytes are counted, else the scheduler's.
    var isOfRequests: Bool
    /// So many pass; what follows does not.
    var bytes: Int

    var description: String { "\(isOfRequests ? "requests" : "answers") after \(bytes) bytes" }
}
