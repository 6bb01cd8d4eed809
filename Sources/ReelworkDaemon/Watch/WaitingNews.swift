// SPDX-License-Identifier: Apache-2.0
// Reelwork: news that wait for a slow watcher

import ReelworkCore

// Invariants: `bytes` = the weights of `news`; the moves of a job lie in the order of their seqs,
// and a gap of a job lies before all of them.

/// News that wait for a slow watcher: all of them while they are few, then those of a job merged.
struct WaitingNews {
    private var news: [Piece] = []
    /// News at the start that were taken.
    private var taken = 0
    /// About how much the rest takes on the wire.
    private(set) var bytes = 0
    /// Where they are merged next.
    private var bytesMerge = Limits.outboundBytesSoft

    /// A piece of news in as little room as it needs: most are moves, and a job takes many times
    /// more.
    private enum Piece {
        case move(JobNumber, Move)
        case progress(JobNumber, JobProgress)
        case gap(JobNumber)
        indirect case other(JobNews)

        init(_ news: JobNews) {
            switch news.kind.value {
            case .move: self = news.move.map { .move(news.number, $0) } ?? .other(news)
            case .progress: self = news.progress.map { .progress(news.number, $0) } ?? .other(news)
            case .gap: self = .gap(news.number)
            case .snapshot, nil: self = .other(news)
            }
        }

        var number: JobNumber {
            switch self {
            case .move(let number, _), .progress(let number, _), .gap(let number): number
            case .other(let news): news.number
            }
        }

        var news: JobNews {
            switch self {
            case .move(let number, let move):
                JobNews(number: number, kind: .known(.move), move: move)
            case .progress(let number, let progress):
                JobNews(number: number, kind: .known(.progress), progress: progress)
            case .gap(let number): JobNews(number: number, kind: .known(.gap))
            case .other(let news): news
            }
        }
    }

    var isEmpty: Bool { taken == news.count }

    /// Adds a piece; beyond ``Limits/outboundBytesSoft`` the pieces of a job are merged.
    mutating func add(_ piece: JobNews) {
        news.append(Piece(piece))
        bytes += WaitingNews.weight(of: piece)
        guard bytes > bytesMerge else { return }
        merge()
        // So that merging costs the same for each piece, however many jobs there are.
        bytesMerge = max(Limits.outboundBytesSoft, bytes * 2)
    }

    /// Takes pieces of about so many bytes, at least one.
    mutating func take(bytes wanted: Int) -> [JobNews] {
        var part: [JobNews] = []
        var weight = 0
        while taken < news.count, part.isEmpty || weight < wanted {
            let piece = news[taken].news
            weight += WaitingNews.weight(of: piece)
            part.append(piece)
            taken += 1
        }
        bytes -= weight
        if isEmpty { self = WaitingNews() }
        return part
    }

    /// Leaves the last move and the last progress of each job, behind a gap where moves are left
    /// out.
    mutating func merge() {
        struct Latest {
            var isGap = false
            var view: JobNews?
            var move: Move?
            var progress: JobProgress?
        }
        var latest: [JobNumber: Latest] = [:]
        var order: [JobNumber] = []
        for piece in news[taken...] {
            let number = piece.number
            if latest[number] == nil { order.append(number) }
            var entry = latest.removeValue(forKey: number) ?? Latest()
            switch piece {
            case .move(_, let move):
                if entry.move != nil { entry.isGap = true }
                entry.move = move
                // It was of a state that is over.
                entry.progress = nil
            case .progress(_, let progress): entry.progress = progress
            case .gap: entry.isGap = true
            case .other(let news): entry.view = news
            }
            latest[number] = entry
        }
        news = []
        taken = 0
        bytes = 0
        for number in order {
            guard let entry = latest[number] else { continue }
            if let view = entry.view { keep(.other(view)) }
            if entry.isGap { keep(.gap(number)) }
            if let move = entry.move { keep(.move(number, move)) }
            if let progress = entry.progress { keep(.progress(number, progress)) }
        }
    }

    private mutating func keep(_ piece: Piece) {
        news.append(piece)
        bytes += WaitingNews.weight(of: piece.news)
    }

    /// About how many bytes a piece takes on the wire.
    static func weight(of piece: JobNews) -> Int {
        var bytes = 32
        if let move = piece.move {
            bytes += 32 + move.reason.utf8.count + move.worker.utf8.count + move.actor.utf8.count
            bytes += move.detail?.utf8.count ?? 0
        }
        if let view = piece.view {
            bytes += 128 + view.input.utf8.count + view.output.utf8.count
            for parameter in view.parameters {
                bytes += parameter.key.utf8.count + parameter.value.utf8.count
            }
        }
        return bytes
    }
}
