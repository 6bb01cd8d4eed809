// SPDX-License-Identifier: Apache-2.0
// Reelwork: the report of an import

import ReelworkCore
import ReelworkStore

/// Prints the report of an import as it comes: it may be longer than memory.
final class ImportPrinter {
    private let isJSON: Bool
    private let isDry: Bool
    private var isBegun = false
    private var told = ContinuousClock.now

    /// Longer imports say this often on standard error how far they are.
    private static let progressInterval = Duration.seconds(1)
    private static let widths = [10, 10, 16, 36]

    init(isJSON: Bool, isDry: Bool) {
        self.isJSON = isJSON
        self.isDry = isDry
    }

    /// Prints a line.
    func print(_ line: ImportLine) {
        if isJSON { return Output.json(ImportPrinter.json(line)) }
        if !isBegun { Output.line(ImportPrinter.row(["OLD", "NEW", "CHANGE", "ID"], "WHAT")) }
        isBegun = true
        Output.line(
            ImportPrinter.row(
                [
                    line.numberBefore.map { "#" + $0 } ?? "", line.number?.description ?? "",
                    line.change.rawValue, line.id,
                ],
                line.detail
            )
        )
    }

    /// Tells how far it is, where it takes long.
    func tell(_ summary: ImportSummary) {
        let now = ContinuousClock.now
        guard now - told >= ImportPrinter.progressInterval else { return }
        told = now
        Output.error("reelwork: read \(summary.read) of \(summary.total) jobs")
    }

    /// Prints what it came to.
    func print(_ summary: ImportSummary) {
        if isJSON { return Output.json(json(summary)) }
        if isBegun { Output.line("") }
        for line in lines(summary) { Output.line(line) }
    }

    // MARK: - Text

    /// Columns of a fixed width: lines are printed before the next ones are known.
    static func row(_ cells: [String], _ last: String) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            let shown = cell.isEmpty ? "-" : ShownLine.cut(ShownLine.escaped(cell), columns: width)
            line += shown + String(repeating: " ", count: max(0, width - shown.count) + 2)
        }
        return line + ShownLine.escaped(last)
    }

    func lines(_ summary: ImportSummary) -> [String] {
        var rows = [
            ("jobs read", "\(summary.read)"),
            (isDry ? "would import" : "imported", "\(summary.imported)"),
            ("already there", "\(summary.known)"),
            ("changed", "\(summary.changed)"),
            ("bridged moves", "\(summary.movesBridged)"),
            ("waiting", "\(summary.waiting)"),
            ("nodes left", "\(summary.nodes)"),
        ]
        for (reason, count) in summary.skipped.sorted(by: { $0.key < $1.key }) {
            rows.append(("skipped", "\(count): \(reason)"))
        }
        if summary.skipped.isEmpty { rows.append(("skipped", "0")) }
        var lines = rows.map { name, value in
            name + String(repeating: " ", count: max(1, 16 - name.count)) + value
        }
        if summary.imported == 0, summary.known > 0 {
            lines.append("an earlier import has brought every job; nothing was imported twice")
        }
        if isDry { lines.append("dry run: nothing was changed") }
        return lines
    }

    // MARK: - JSON

    static func json(_ line: ImportLine) -> JSONValue {
        .members([
            "row": .string(line.change == .nodeLeft ? "node" : "job"),
            "id": .filled(line.id),
            "old_number": number(line.numberBefore),
            "number": line.number.map { .count($0.rawValue) } ?? .null,
            "change": .string(line.change.rawValue),
            "detail": .string(line.detail),
        ])
    }

    /// The old number: a number where it is one, for no column of the file is trusted.
    private static func number(_ text: String?) -> JSONValue {
        guard let text else { return .null }
        return Int64(text).map { .integer($0) } ?? .string(text)
    }

    func json(_ summary: ImportSummary) -> JSONValue {
        .members([
            "row": .string("summary"),
            "dry_run": .bool(isDry),
            "jobs_read": .count(summary.read),
            "imported": .count(summary.imported),
            "already_there": .count(summary.known),
            "changed": .count(summary.changed),
            "bridged_moves": .count(summary.movesBridged),
            "waiting": .count(summary.waiting),
            "nodes_left": .count(summary.nodes),
            "skipped": .object(
                summary.skipped.sorted { $0.key < $1.key }.map {
                    JSONValue.Member(name: $0.key, value: .count($0.value))
                }
            ),
        ])
    }
}
