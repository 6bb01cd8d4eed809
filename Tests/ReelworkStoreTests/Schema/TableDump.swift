// SPDX-License-Identifier: Apache-2.0
// Reelwork: every row of a file, to be compared

import StoreTestKit

/// Every row of a file, in the columns that it had when this value was made.
struct TableDump {
    /// An expression for a row of each table.
    private let tables: [(name: String, row: String)]

    init(of raw: RawConnection) throws {
        let names = try raw.text(
            """
            SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name)
            """
        )
        tables = try (names ?? "").split(separator: ",").map { name in
            let row = try raw.text(
                """
                SELECT group_concat('quote("' || name || '")', ' || '','' || ')
                FROM pragma_table_info('\(name)')
                """
            )
            return (String(name), row ?? "")
        }
    }

    /// The rows, a line each, sorted, by table.
    func rows(_ raw: RawConnection) throws -> [String: String] {
        var rows: [String: String] = [:]
        for table in tables {
            rows[table.name] = try raw.text(
                """
                SELECT count(*) || ' rows' || char(10) || ifnull(group_concat(r, char(10)), '')
                FROM (SELECT \(table.row) AS r FROM \(table.name) ORDER BY 1)
                """
            )
        }
        return rows
    }
}
