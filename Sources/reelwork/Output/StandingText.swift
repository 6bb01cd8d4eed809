// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does, for people

import ReelworkClient
import ReelworkCore

/// Why a job stands where it does, for people.
struct StandingText {
    private let standing: JobStanding
    private let now: Timestamp

    /// Columns of the names before the values.
    private static let labelColumns = 8

    init(_ standing: JobStanding, now: Timestamp) {
        self.standing = standing
        self.now = now
    }

    /// The lines; long reasons are broken at the width of a terminal.
    func lines(on terminal: Terminal) -> [String] {
        lines(on: terminal, columns: terminal.isInteractive ? terminal.size.columns : Int.max)
    }

    /// The lines for so many columns of a terminal.
    func lines(on terminal: Terminal, columns: Int) -> [String] {
        var lines: [String] = []
        let state = standing.state.map { state in
            Terminal.Style.of(state).map { terminal.styled(state.name, $0) } ?? state.name
        }
        let head = [standing.number.map { "\($0)" }, state.map { "is \($0)" }].compactMap { $0 }
        if !head.isEmpty { lines.append(head.joined(separator: " ")) }
        for (place, reason) in standing.reasons.enumerated() {
            lines += field(place == 0 ? "why" : "", reason.text, terminal, columns)
        }
        if let place = placeWords { lines += field("place", place, terminal, columns) }
        if let next = nextWords { lines += field("next", next, terminal, columns) }
        guard !standing.workers.isEmpty else { return lines }
        var table = TextTable("WORKER", "", spare: [])
        for worker in standing.workers {
            table.add(
                [worker.name, worker.text],
                styles: [1: StandingText.style(of: worker)].compactMapValues { $0 }
            )
        }
        lines.append("")
        lines += table.lines(on: terminal, columns: columns)
        if standing.isCut { lines.append("… and more workers") }
        return lines
    }

    private var placeWords: String? {
        guard let place = standing.place else { return nil }
        if standing.isPlaceAtLeast { return "\(place) or later among its tenant's waiting jobs" }
        return place == 1
            ? "the next of its tenant's waiting jobs" : "\(place) among its tenant's waiting jobs"
    }

    private var nextWords: String? {
        guard let at = standing.nextAt else { return nil }
        let left = at.since(now)
        return left > .zero ? "\(at.text), in \(left.words)" : "\(at.text), now"
    }

    /// A name and its value, which goes on under itself.
    private func field(
        _ name: String,
        _ value: String,
        _ terminal: Terminal,
        _ columns: Int
    ) -> [String] {
        let space = StandingText.labelColumns
        let label = name + String(repeating: " ", count: max(1, space - name.count))
        let shown = ShownLine.escaped(value)
        let width = max(20, columns == Int.max ? Int.max : columns - space)
        let parts = ShownLine.wrapped(shown, columns: width)
        return parts.enumerated().map { index, part in
            index == 0
                ? terminal.styled(label, .faint) + part
                : String(repeating: " ", count: space) + part
        }
    }

    private static func style(of worker: JobStanding.Considered) -> Terminal.Style? {
        guard let code = WhyCode(rawValue: worker.code) else { return nil }
        if code == .free || code == .lostThere { return .green }
        return code.isOfAble ? .yellow : .faint
    }
}
