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
    /// Titles of columns that a narrow terminal does without, the first one first.
    private let spare: [String]
    private var rows: [[String]] = []
    private var styles: [[Int: Terminal.Style]] = []

    /// What the last column has at least before others are left out.
    private static let lastMin = 16

    /// Makes an empty table; a title that begins with `>` stands at the right.
    ///
    /// On a terminal that is too narrow the `spare` columns are left out, one after another.
    init(_ titles: String..., spare: [String] = []) {
        self.spare = spare
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

    /// The lines; on a terminal spare columns are left out and the last is cut to its width.
    func lines(on terminal: Terminal) -> [String] {
        lines(on: terminal, columns: terminal.isInteractive ? terminal.size.columns : Int.max)
    }

    /// The lines for so many columns of a terminal.
    func lines(on terminal: Terminal, columns width: Int) -> [String] {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
        }
        let kept = kept(widths, width)
        let head = kept.map { cell(columns[$0].title, $0, widths) }
        var lines = [terminal.styled(joined(head), .bold)]
        let before = kept.dropLast().reduce(0) { $0 + widths[$1] + 2 }
        for (row, cells) in rows.enumerated() {
            let shown = kept.map { column in
                let isLast = column == kept.last
                let text =
                    isLast ? TextTable.fitted(cells[column], max(8, width - before)) : cells[column]
                let padded = cell(text, column, widths)
                return styles[row][column].map { terminal.styled(padded, $0) } ?? padded
            }
            lines.append(joined(shown))
        }
        return lines
    }

    /// The columns that are shown.
    private func kept(_ widths: [Int], _ width: Int) -> [Int] {
        var kept = Array(columns.indices)
        for title in spare {
            let last = kept.last.map { min(widths[$0], TextTable.lastMin) } ?? 0
            let need = kept.dropLast().reduce(last) { $0 + widths[$1] + 2 }
            guard need > width else { break }
            kept.removeAll { columns[$0].title == title }
        }
        return kept
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
