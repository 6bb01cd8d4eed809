// SPDX-License-Identifier: Apache-2.0
// Reelwork: the moves of a job, page by page.

public import ReelworkCore
internal import ReelworkWire

/// The moves of a job from the first on, read page by page as they are wanted.
public struct MovePages: AsyncSequence, Sendable {
    let client: ReelworkClient
    let ref: JobRef
    /// The move after which it begins; 0 = from the first.
    var after: UInt64 = 0

    /// Reads the moves.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let pages: MovePages
        private var ready: ArraySlice<Move> = []
        private var last: UInt64
        private var isLast = false

        init(_ pages: MovePages) {
            self.pages = pages
            last = pages.after
        }

        /// The next move; nil after the last.
        public mutating func next() async throws(ReelworkError) -> Move? {
            try await next(isolation: nil)
        }

        /// The next move; nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ReelworkError) -> Move? {
            if ready.isEmpty, !isLast {
                let answer = try await pages.client.perform(
                    History.self,
                    .init(
                        ref: pages.ref,
                        afterSequence: last,
                        limit: UInt64(Limits.batchItemsMax)
                    ),
                    isSafe: true
                )
                ready = answer.moves[...]
                isLast = !answer.hasMore || answer.moves.isEmpty
                last = answer.moves.last?.sequence ?? last
            }
            return ready.popFirst()
        }
    }

    /// Begins with the first move.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }
}

extension ReelworkClient {
    /// Every move that a job made, from the first.
    public func moves(of ref: JobRef) -> MovePages {
        MovePages(client: self, ref: ref)
    }
}
