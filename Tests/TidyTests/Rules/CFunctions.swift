// SPDX-License-Identifier: Apache-2.0
// Reelwork: finds the functions of a C file, which begin and end in the first column.

/// Finds the functions of a C file, which begin and end in the first column.
enum CFunctions {
    static func all(in file: SourceFile) -> [FunctionSpan] {
        var found: [FunctionSpan] = []
        var start: Int?
        for (index, line) in file.lines.enumerated() {
            if line.hasPrefix("}") {
                if let first = start {
                    let name = file.lines[first].split(separator: "(").first ?? ""
                    let lines = index - first + 1
                    found.append(FunctionSpan(name: String(name), line: first + 1, lines: lines))
                }
                start = nil
            } else if start == nil, opensDeclaration(line), line.contains("(") {
                start = index
            } else if let first = start, file.lines[first...index].last?.hasSuffix(";") == true,
                !file.lines[first...index].contains(where: { $0.hasSuffix("{") })
            {
                // A prototype.
                start = nil
            }
        }
        return found
    }

    private static func opensDeclaration(_ line: Substring) -> Bool {
        guard let first = line.first, first.isLetter || first == "_" else { return false }
        return !line.hasSuffix(";") && !line.contains(" = ")
    }
}
