// SPDX-License-Identifier: Apache-2.0
// Reelwork: tables

/// A table whose columns are as wide as what stands in them.
struct TextTable {
    /// A column.
    struct Column {
        var title: String
        /// Numbers stand at the right.
        var isRight = false
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    private var styles: [[Int: Terminal.Style]] = []

    /// Makes an empty table; a title that begins with `>` stands at the right.
    init(_ titles: String...) {
        columns = titles.map { title in
            title.hasPrefix(">")
                ? Column(title: String(title.dropFirst()), isRight: true) : Column(title: title)
        }
    }

    /// Adds a row; text is escaped here, and nothing is left empty.
    mutating func add(_ cells: [String], styles: [Int: Terminal.Style] = [:]) {
        rows.append(cells.map { $0.isEmpty ? "-" : ShownLine.escaped($0) })
        self.styles.append(styles)
    }

    /// The lines; on a terminal the last column is cut to its width.
    func lines(on terminal: Terminal) -> [String] {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
        }
        let width = terminal.isInteractive ? terminal.size.columns : Int.max
        let head = columns.indices.map { cell(columns[$0].title, $0, widths) }
        var lines = [terminal.styled(joined(head), .bold)]
        let before = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        for (row, cells) in rows.enumerated() {
            var shown: [String] = []
            for (column, text) in cells.enumerated() {
                let isLast = column == columns.count - 1
                let text = isLast ? TextTable.fitted(text, max(8, width - before)) : text
                let padded = cell(text, column, widths)
                shown.append(styles[row][column].map { terminal.styled(padded, $0) } ?? padded)
            }
            lines.append(joined(shown))
        }
        return lines
    }

    /// Prints it.
    func print(on terminal: Terminal = .output) {
        Output.line(lines(on: terminal).joined(separator: "\n"))
    }

    /// Cut to so many columns; of a path the end is kept, for it is what tells.
    private static func fitted(_ text: String, _ columns: Int) -> String {
        text.hasPrefix("/")
            ? ShownLine.cutPath(text, columns: columns) : ShownLine.cut(text, columns: columns)
    }

    private func joined(_ cells: [String]) -> String {
        var line = cells.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }

    private func cell(_ text: String, _ column: Int, _ widths: [Int]) -> String {
        let space = String(repeating: " ", count: max(0, widths[column] - text.count))
        return columns[column].isRight ? space + text : text + space
    }
}
