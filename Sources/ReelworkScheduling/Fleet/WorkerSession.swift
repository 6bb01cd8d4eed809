// SPDX-License-Identifier: Apache-2.0
// Reelwork: one connection of a worker, counted

import ReelworkCore

/// What is counted over one connection of a worker; a new connection begins at zero.
struct WorkerSession: Sendable {
    var id: SessionID
    /// The commit that its REGISTER is part of: until that is on disk, nobody was told of it.
    var registeredIn: UInt64
    /// Assignments that the worker ever allowed in this session.
    var assignLimit: UInt64 = 0
    /// Assignments made in this session.
    var assignedTotal: UInt64 = 0
    /// Assignments that the worker has not yet said it saw, in order.
    var unseen: [(index: UInt64, key: OpenAttempt.Key)] = []
    /// The attempts that the worker has said it has.
    var digest = OpenSetDigest()
    /// How many those are.
    var seenCount: UInt64 = 0
    /// An inventory was asked for and has not come.
    var isInventoryAsked = false

    init(id: SessionID, registeredIn: UInt64) {
        self.id = id
        self.registeredIn = registeredIn
    }

    /// The assignment at a place in the list of those not seen; nil past its end.
    func unseen(at place: Int) -> (index: UInt64, key: OpenAttempt.Key)? {
        place < unseen.count ? unseen[place] : nil
    }

    /// Whether the worker's credit allows one more.
    var hasCredit: Bool { assignedTotal < assignLimit }
}
