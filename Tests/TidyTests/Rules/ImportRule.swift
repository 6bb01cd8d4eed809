// SPDX-License-Identifier: Apache-2.0
// Reelwork: finds imports, and compares them with the table of the house.

/// Finds imports, and compares them with the table of the house.
enum ImportRule {
    /// One `import` of a file.
    struct Import: Equatable {
        let module: String
        let line: Int
    }

    private static let kinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]

    /// The modules that a file imports, `import struct A.B` as `A`.
    static func imports(of file: SourceFile) -> [Import] {
        let tokens = file.tokens
        return tokens.indices.compactMap { index in
            guard tokens[index].isWord("import"), index + 1 < tokens.count else { return nil }
            if index > 0, tokens[index - 1].isMark(".") { return nil }
            let next = tokens[index + 1]
            let isKind = kinds.contains(next.text) && index + 2 < tokens.count
            let module = isKind ? tokens[index + 2].text : next.text
            return Import(module: module, line: tokens[index].line)
        }
    }

    /// Imports that the row of a target does not allow.
    static func breaches(in file: SourceFile, of row: HouseRow) -> [Breach] {
        let allowed = row.ours.union(row.others).union(HouseTable.always)
        return imports(of: file).filter { !allowed.contains($0.module) }.map { found in
            Breach(
                path: file.path,
                line: found.line,
                rule: "\(row.target) may not import \(found.module); see HouseTable"
            )
        }
    }

    /// Imports of a target that `Package.swift` does not give it, so that only luck builds it.
    static func breaches(in file: SourceFile, of target: Manifest.Target) -> [Breach] {
        let allowed = target.dependencies.union(HouseTable.testing)
        return imports(of: file).filter { !allowed.contains($0.module) }.map { found in
            Breach(
                path: file.path,
                line: found.line,
                rule: "\(target.name) imports \(found.module), which Package.swift does not give it"
            )
        }
    }

    /// What a row allows and the house forbids, whatever is imported today.
    static func breaches(of rows: [HouseRow]) -> [Breach] {
        var breaches: [Breach] = []
        func complain(_ row: HouseRow, _ rule: String) {
            breaches.append(Breach(path: row.target, line: 0, rule: rule))
        }
        var places: [String: HouseRow.Place] = [:]
        for row in rows where places.updateValue(row.place, forKey: row.target) != nil {
            complain(row, "has two rows")
        }
        for row in rows {
            for other in row.ours.sorted() {
                guard let place = places[other] else { continue }
                if row.place.isFloor, place == .side {
                    complain(row, "knows side room \(other)")
                } else if row.place != .tests, place == .tests {
                    complain(row, "knows \(other) of tests")
                } else if place == .roof {
                    complain(row, "knows the roof, \(other)")
                } else if row.place.isFloor, row.place > .cellar, place > row.place {
                    complain(row, "knows \(other), which stands above it")
                }
            }
        }
        for row in rows {
            let mayHaveFoundation =
                row.place == .roof || row.place == .side || row.place == .tests
                || row.target == "ReelworkWorker"
            if row.others.contains("Foundation"), !mayHaveFoundation {
                complain(row, "knows Foundation")
            }
        }
        return breaches + cycles(in: rows)
    }

    /// Rows that reach themselves.
    static func cycles(in rows: [HouseRow]) -> [Breach] {
        var open = Dictionary(rows.map { ($0.target, $0.ours) }) { first, _ in first }
        while let free = open.keys.sorted().first(where: { target in
            (open[target] ?? []).allSatisfy { open[$0] == nil }
        }) {
            open[free] = nil
        }
        return open.keys.sorted().map { Breach(path: $0, line: 0, rule: "stands in a cycle") }
    }
}
