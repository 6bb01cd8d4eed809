// SPDX-License-Identifier: Apache-2.0
// Reelwork: the length of files, functions and lines, and the two lines at the top.

/// The length of files, functions and lines, and the two lines at the top.
enum BudgetRule {
    static let fileLinesMax = 600
    static let fileLinesSoft = 400
    static let functionLinesMax = 70
    static let columnsMax = 100

    /// Files between the soft and the hard budget, with the lines they may have.
    ///
    /// The list may only shrink: no entry may grow, and what is short enough has to leave.
    static let longFiles: [String: Int] = [
        "Tests/ReelworkSchedulingTests/Harness/World.swift": 435
    ]

    static func fileLength(_ file: SourceFile, allowed: [String: Int]) -> [Breach] {
        let lines = file.lineCount
        let limit = min(allowed[file.path] ?? fileLinesSoft, fileLinesMax)
        var breaches: [Breach] = []
        if lines > limit {
            breaches.append(Breach(path: file.path, line: 0, rule: "\(lines) lines of \(limit)"))
        }
        if lines <= fileLinesSoft, allowed[file.path] != nil {
            let rule = "has \(lines) lines: take it off the list of long files"
            breaches.append(Breach(path: file.path, line: 0, rule: rule))
        }
        return breaches
    }

    static func columns(_ file: SourceFile) -> [Breach] {
        file.lines.enumerated().filter { $0.element.utf8.count > columnsMax }.compactMap {
            let columns = $0.element.count
            guard columns > columnsMax else { return nil }
            return Breach(path: file.path, line: $0.offset + 1, rule: "\(columns) columns")
        }
    }

    static func header(_ file: SourceFile) -> [Breach] {
        guard file.lines.count > 2, file.lines[0] == "// SPDX-License-Identifier: Apache-2.0" else {
            return [Breach(path: file.path, line: 1, rule: "wants its SPDX line")]
        }
        let start = "// Reelwork: "
        guard file.lines[1].hasPrefix(start), file.lines[1].count > start.count + 2 else {
            return [Breach(path: file.path, line: 2, rule: "wants its line `Reelwork: …`")]
        }
        return []
    }

    static func functions(_ file: SourceFile) -> [Breach] {
        let found = file.isSwift ? SwiftFunctions.all(in: file.tokens) : CFunctions.all(in: file)
        return found.filter { $0.lines > functionLinesMax }.map {
            Breach(path: file.path, line: $0.line, rule: "\($0.name) has \($0.lines) lines")
        }
    }
}
