// SPDX-License-Identifier: Apache-2.0
// Reelwork: which moves a watcher has seen.

internal import ReelworkCore

// Invariants: `last` has, of each job of which anything is known, the sequence number up to which
// the reader needs no move any more. It falls only with a snapshot: a restored scheduler counts on
// from fewer moves.

/// Which moves a watcher has seen, and which it lacks: news in, what to do with it out.
struct SeenMoves: Hashable, Sendable {
    /// What is to be done with a piece of news.
    enum Verdict: Hashable, Sendable {
        /// Show it.
        case show
        /// It was shown before, or says nothing by itself.
        case skip
        /// Show first the moves between these two, both left out.
        case fill(after: UInt64, before: UInt64)
    }

    /// Up to which move the reader has each job.
    private(set) var last: [JobNumber: UInt64] = [:]
    /// Jobs of which moves were left out.
    private var gaps: Set<JobNumber> = []
    /// Whether all jobs are watched: then those that have ended are not kept, for there is no end.
    private let isOfAll: Bool

    init(isOfAll: Bool) {
        self.isOfAll = isOfAll
    }

    /// Judges a piece of news; what is to be shown counts as shown from then on.
    mutating func take(_ news: JobNews) -> Verdict {
        switch news.kind {
        case .known(.gap):
            gaps.insert(news.number)
            return .skip
        case .known(.move):
            guard let move = news.move else { return .show }
            return take(move, of: news.number)
        case .known(.snapshot): return take(snapshot: news.view, of: news.number)
        case .known(.progress), .unknown: return .show
        }
    }

    private mutating func take(_ move: Move, of number: JobNumber) -> Verdict {
        let hasGap = gaps.remove(number) != nil
        let before = last[number]
        if let before, move.sequence <= before { return .skip }
        let isLast = move.to.value?.isTerminal ?? false
        last[number] = isOfAll && isLast ? nil : move.sequence
        // Of a job of which nothing was seen only a gap says that there was something to see.
        let known = before ?? (hasGap ? 0 : max(move.sequence, 1) - 1)
        guard move.sequence > known, move.sequence - known > 1 else { return .show }
        return .fill(after: known, before: move.sequence)
    }

    private mutating func take(snapshot view: JobView?, of number: JobNumber) -> Verdict {
        gaps.remove(number)
        let before = last[number]
        let isLast = view?.state.value?.isTerminal ?? false
        last[number] = isOfAll && isLast ? nil : view?.sequence
        // The snapshot's own move is among those that the reader lacks.
        guard let before, let sequence = view?.sequence, sequence > before, sequence < .max else {
            return .show
        }
        return .fill(after: before, before: sequence + 1)
    }
}
