// SPDX-License-Identifier: Apache-2.0
// Reelwork: a connection of a simulated world

import ReelworkCore
import ReelworkRPC

/// A connection of a simulated world: two sessions and two pipes.
struct WorldLink {
    /// What goes through a pipe.
    enum Chunk {
        case bytes([UInt8])
        /// The sender has closed.
        case end
    }

    /// One direction: what is on its way arrives in order, however late.
    struct Pipe {
        var chunks: [Chunk] = []
        var arrivesAt = BootInstant(nanoseconds: 0)

        mutating func take() -> Chunk? { chunks.isEmpty ? nil : chunks.removeFirst() }
    }

    let id: UInt64
    let worker: Int
    /// The life of the worker that made it.
    let life: UInt64
    /// The two ends, by ``SessionSide/slot``; nil where one is gone.
    var ends: [WorldSession?]
    /// What is on its way to each end.
    var pipes = [Pipe(), Pipe()]
    /// Nothing arrives any more.
    var isCut = false
    /// A fault has touched it: from then on its lease may run out.
    var isDisturbed = false
    /// The worker has forgotten what it was handed: its set may differ from the scheduler's.
    var isForgetful = false
    /// The worker has its answer to REGISTER.
    var isRegistered = false
    /// The most assignments that the worker has allowed, and that the scheduler has heard of.
    var creditSent: UInt64 = 0
    /// All that it allowed, added up, as a planted bug has it.
    var creditAdded: UInt64 = 0
    var creditHeard: UInt64 = 0
    /// Answers and pushes each reach the worker's owner in order.
    var answersAt = BootInstant(nanoseconds: 0)
    var pushesAt = BootInstant(nanoseconds: 0)
}

extension SessionSide {
    /// Its place in a pair.
    var slot: Int { self == .client ? 0 : 1 }

    /// The other end.
    var opposite: SessionSide { self == .client ? .server : .client }
}
