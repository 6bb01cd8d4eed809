// SPDX-License-Identifier: Apache-2.0
// Reelwork: probed engines as a table

import ReelworkCore

/// Probed engines as a table.
enum EngineTable {
    /// The table.
    static func table(_ reports: [EngineReport]) -> TextTable {
        var table = TextTable("ENGINE", "WORKS", "VERSION", "ENCODERS")
        for report in reports {
            let works = report.problem == nil
            table.add(
                [
                    report.name, works ? "yes" : "no", report.version,
                    report.problem ?? report.encoders.joined(separator: " "),
                ],
                styles: [1: works ? .green : .red]
            )
        }
        return table
    }
}
