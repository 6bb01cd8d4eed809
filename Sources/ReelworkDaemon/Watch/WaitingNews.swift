// SPDX-License-Identifier: Apache-2.0
// Reelwork: news that wait for a slow watcher

import ReelworkCore

// Invariants: `bytes` = the weights of `news`; the moves of a job lie in the order of their seqs,
// and a gap of a job lies before all of them.

/// News that wait for a slow watcher: all of them while they are few, then those of a job merged.
struct WaitingNews {
    private var news: [JobNews] = []
    /// News at the start that were taken.
    private var taken = 0
    /// About how much the rest takes on the wire.
    private(set) var bytes = 0
    /// Where they are merged next.
    private var bytesMerge = Limits.outboundBytesSoft

    var isEmpty: Bool { taken == news.count }

    /// Adds a piece; beyond ``Limits/outboundBytesSoft`` the pieces of a job are merged.
    mutating func add(_ piece: JobNews) {
        news.append(piece)
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
            weight += WaitingNews.weight(of: news[taken])
            part.append(news[taken])
            taken += 1
        }
        bytes -= weight
        if isEmpty { self = WaitingNews() }
        return part
    }

    /// Leaves the last move and the last progress of each job, behind a gap where moves are left
    /// out.
    private mutating func merge() {
        struct Latest {
            var isGap = false
            var view: JobNews?
            var move: JobNews?
            var progress: JobNews?
        }
        var latest: [JobNumber: Latest] = [:]
        var order: [JobNumber] = []
        for piece in news[taken...] {
            if latest[piece.number] == nil { order.append(piece.number) }
            var entry = latest[piece.number] ?? Latest()
            switch piece.kind.value {
            case .move:
                if entry.move != nil { entry.isGap = true }
                entry.move = piece
                // It was of a state that is over.
                entry.progress = nil
            case .progress: entry.progress = piece
            case .gap: entry.isGap = true
            case .snapshot, nil: entry.view = piece
            }
            latest[piece.number] = entry
        }
        news = []
        taken = 0
        for number in order {
            guard let entry = latest[number] else { continue }
            if let view = entry.view { news.append(view) }
            if entry.isGap { news.append(JobNews(number: number, kind: .known(.gap))) }
            if let move = entry.move { news.append(move) }
            if let progress = entry.progress { news.append(progress) }
        }
        bytes = news.reduce(0) { $0 + WaitingNews.weight(of: $1) }
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
