// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs that are watched, as lines

import ReelworkCore

/// Jobs that are watched: takes news, gives lines for a live screen or for a log.
struct WatchBoard: Sendable {
    /// What is known of a job.
    struct Row: Sendable {
        var title: String
        var state: OpenEnum<JobState>
        var worker = ""
        var attempt = AttemptNumber.none
        var started: Timestamp?
        var completed: Timestamp?
        var error: String?
        /// What it waits for while it is queued.
        var wait: String?
        var progress: JobProgress?
        /// The quarter that a plain line was last printed for.
        var quarterTold: UInt32 = 0
        /// The phase that a plain line was last printed for.
        var phaseTold = JobProgress.encodingName
    }

    private(set) var rows: [JobNumber: Row] = [:]
    private var order: [JobNumber] = []
    private var titles: [JobNumber: String]
    /// What holds for all of them, such as that the scheduler is away.
    var notice: String?

    /// Makes a board; jobs without a title are named by their output.
    init(titles: [JobNumber: String] = [:]) {
        self.titles = titles
    }

    /// Takes a piece of news.
    ///
    /// - Returns: lines for those who have no live screen.
    mutating func take(_ news: JobNews) -> [String] {
        if let view = news.view { return take(view) }
        guard var row = rows[news.number] else { return [] }
        defer { rows[news.number] = row }
        if let move = news.move {
            row.take(move)
            return [line(news.number, row, at: move.at, reason: HistoryTable.words(move))]
        }
        guard let progress = news.progress, progress.attempt >= row.attempt else { return [] }
        row.progress = progress
        if row.phaseTold != progress.phaseName {
            row.phaseTold = progress.phaseName
            return [line(news.number, row)]
        }
        let quarter = (progress.permille ?? 0) / 250
        guard quarter > row.quarterTold, quarter < 4 else { return [] }
        row.quarterTold = quarter
        return [line(news.number, row)]
    }

    private func line(_ number: JobNumber, _ row: Row) -> String {
        let words = ["\(number)", row.title, row.progressWords].filter { !$0.isEmpty }
        return ShownLine.escaped(words.joined(separator: "  "))
    }

    private mutating func take(_ view: JobView) -> [String] {
        let isNew = rows[view.number] == nil
        if isNew { order.append(view.number) }
        var row = Row(
            title: titles[view.number] ?? WatchBoard.fileName(view.output),
            state: view.state
        )
        row.worker = view.worker
        row.attempt = view.attempt
        row.started = view.started
        row.completed = view.completed
        row.error = view.error
        row.progress = view.progress
        let isChanged = rows[view.number]?.state != view.state
        rows[view.number] = row
        let at = view.completed ?? view.started ?? view.created
        return isChanged ? [line(view.number, row, at: at, reason: view.error ?? "")] : []
    }

    private func line(_ number: JobNumber, _ row: Row, at: Timestamp, reason: String) -> String {
        var words = [at.text, "\(number)", row.title, row.state.name]
        if row.state.value == .running || row.state.value == .assigned, !row.worker.isEmpty {
            words.append("on \(row.worker), attempt \(row.attempt)")
        }
        if !reason.isEmpty { words.append("(\(reason))") }
        return ShownLine.escaped(words.joined(separator: "  "))
    }

    /// The jobs that are queued, in order.
    var queued: [JobNumber] { order.filter { rows[$0]?.state == .known(.queued) } }

    /// Takes what queued jobs wait for; those that are not among them wait for nothing known.
    mutating func take(waits: [JobNumber: String]) {
        for number in order { rows[number]?.wait = waits[number] }
    }

    /// The last name of a path.
    static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Whether all jobs that were seen have ended.
    var isDone: Bool { rows.values.allSatisfy { $0.state.value?.isTerminal ?? false } }

    /// How many jobs stand in a state.
    func count(_ state: JobState) -> Int { rows.values.count { $0.state == .known(state) } }

    /// What the jobs' ends mean for the exit code.
    var status: CommandStatus {
        if count(.failed) > 0 { return .jobFailed }
        if count(.rejected) > 0 { return .jobRejected }
        return count(.canceled) > 0 ? .jobCanceled : .done
    }

    // MARK: - The live screen

    /// The lines of the live screen; those that run first where not all fit.
    func lines(on terminal: Terminal, columns: Int, rows limit: Int) -> [String] {
        let isWhole = order.count < limit
        let shown = isWhole ? order : Array(urgent.prefix(max(1, limit - 2)))
        let titleColumns = min(
            max(min(20, columns / 2 - 10), columns / 3),
            shown.reduce(6) { max($0, ShownLine.escaped(rows[$1]?.title ?? "").count) }
        )
        let numberColumns = shown.reduce(2) { max($0, "\($1)".count) }
        var lines = shown.compactMap { number in
            rows[number].map {
                $0.line(number, on: terminal, columns, titleColumns, numberColumns)
            }
        }
        if let notice {
            lines.append(terminal.styled(ShownLine.cut(notice, columns: columns), .faint))
        } else if !isWhole || order.count > 1 {
            lines.append(terminal.styled(summary, .faint))
        }
        return lines
    }

    /// What runs, then what waits, then what has ended last.
    private var urgent: [JobNumber] {
        func group(_ number: JobNumber) -> Int {
            switch rows[number]?.state.value {
            case .running: 0
            case .assigned: 1
            case .retrying, .timedOut: 2
            case .failed, .rejected: 3
            case .queued: 4
            case .canceled, .completed, nil: 5
            }
        }
        return order.sorted { (group($0), $0) < (group($1), $1) }
    }

    /// How many stand where.
    var summary: String {
        let parts = JobState.allCases.compactMap { state in
            let count = count(state)
            return count == 0 ? nil : "\(count) \(state.name)"
        }
        return "\(order.count) \(order.count == 1 ? "job" : "jobs"): "
            + parts.joined(separator: " · ")
    }
}

extension WatchBoard.Row {
    mutating func take(_ move: Move) {
        state = move.to
        attempt = max(attempt, move.attempt)
        if !move.worker.isEmpty { worker = move.worker }
        switch move.to.value {
        case .running: started = move.at
        case .completed, .failed, .canceled, .rejected:
            completed = move.at
            error = move.to.value == .completed ? nil : move.detail ?? move.reason
        case .retrying:
            progress = nil
            quarterTold = 0
            phaseTold = JobProgress.encodingName
            error = move.detail ?? move.reason
        case .queued, .assigned, .timedOut, nil: break
        }
    }

    /// Percent, speed and time that remains, where they are known.
    var progressWords: String {
        guard let progress else { return "" }
        // Where the encoder is done, its percent and speed are of no use.
        guard progress.phaseName == JobProgress.encodingName else { return progress.phaseName }
        var words: [String] = []
        if let permille = progress.permille { words.append("\(permille / 10) %") }
        if let speed = progress.speedMilli {
            words.append("\(speed / 1_000).\(speed % 1_000 / 100)x")
        }
        if let remaining = progress.remaining {
            words.append("ETA \(ProgressBar.clock(remaining))")
        }
        return words.joined(separator: "  ")
    }

    /// One line of the live screen.
    func line(
        _ number: JobNumber,
        on terminal: Terminal,
        _ columns: Int,
        _ titleColumns: Int,
        _ numberColumns: Int
    ) -> String {
        let name = ShownLine.cutPath(ShownLine.escaped(title), columns: titleColumns)
        let head =
            padded("\(number)", numberColumns) + "  " + padded(name, titleColumns) + "  "
        let rest = max(10, columns - head.count)
        let barColumns = min(24, max(6, rest - 34))
        let style = Terminal.Style.of(state)
        func coloured(_ text: String) -> String {
            style.map { terminal.styled(text, $0) } ?? text
        }
        switch state.value {
        case .running, .assigned:
            let bar = ProgressBar.text(permille: progress?.permille ?? 0, columns: barColumns)
            let words = progress == nil ? state.name : progressWords
            let tail = ShownLine.cut("  " + words, columns: max(0, rest - barColumns))
            return head + coloured(bar) + tail
        case .completed:
            let bar = ProgressBar.text(permille: 1_000, columns: barColumns)
            let took = started.flatMap { start in completed.map { $0.since(start) } }
            let words = "  completed" + (took.map { " in \($0.words)" } ?? "")
            return head + coloured(bar) + ShownLine.cut(words, columns: max(0, rest - barColumns))
        case .queued, .retrying, .failed, .canceled, .rejected, .timedOut, nil:
            var words = state.name
            let reason = state.value == .queued ? wait : error
            if let reason { words += ": " + ShownLine.escaped(reason) }
            return head + coloured(ShownLine.cut(words, columns: rest))
        }
    }

    private func padded(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - text.count))
    }
}
