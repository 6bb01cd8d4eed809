// SPDX-License-Identifier: Apache-2.0
// Reelwork: the predecessor's database

import GRDB
import ReelworkCore

/// The predecessor's database: the tables `nodes` and `jobs`, read and never changed.
///
/// Columns that an older file lacks are read as NULL.
package final class PredecessorFile {
    private let database: UntouchedDatabase
    private let columns: Set<String>
    /// Whether SQLite itself keeps each id once.
    let isIDUnique: Bool
    /// Rows of the table `jobs`.
    package let jobsTotal: UInt64
    /// Rows of the table `nodes`, by id.
    package let nodes: [PredecessorNode]

    private static let advice = "name the database of the old scheduler"

    /// Opens the file.
    ///
    /// Throws ``ImportError/missing(_:)``, ``ImportError/denied(_:)`` or
    /// ``ImportError/source(_:)`` with what to do where it is another file, or is in use.
    package init(_ path: String) throws(ImportError) {
        database = try UntouchedDatabase(path, advice: Self.advice)
        let found = try database.read { database in
            try Self.requirePredecessor(path, database)
            let keys = try Row.fetchAll(
                database,
                sql: "SELECT name, pk FROM pragma_table_info('jobs')"
            )
            let primary = keys.filter { ($0["pk"] as Int?) ?? 0 > 0 }
            return (
                columns: Set(keys.map { $0["name"] as String }),
                isIDUnique: primary.count == 1 && primary[0]["name"] as String == "id",
                total: try Int64.fetchOne(database, sql: "SELECT count(*) FROM jobs") ?? 0,
                nodes: try Self.nodes(database)
            )
        }
        columns = found.columns
        isIDUnique = found.isIDUnique
        jobsTotal = UInt64(clamping: found.total)
        nodes = found.nodes
        guard columns.contains("id"), columns.contains("status") else {
            throw .source(
                "the table jobs of \(path) has no column "
                    + "\(columns.contains("id") ? "status" : "id"): it is another program's; "
                    + Self.advice
            )
        }
    }

    /// The path as it was named.
    package var path: String { database.path }

    /// Whether nobody has written to the file since it was opened.
    package var isUnchanged: Bool { database.isUnchanged }

    /// Reads every job, in the order of the old numbers; memory does not grow with the table.
    package func forEachJob(
        _ body: (PredecessorJob) throws(ImportError) -> Void
    ) throws(ImportError) {
        try database.read { database in
            let statement = try BoundStatement(database, try sql(database))
            defer { statement.reset() }
            while try statement.next() { try body(Self.job(statement)) }
        }
    }

    // MARK: - What kind of file it is

    private static func requirePredecessor(_ path: String, _ database: Database) throws {
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id")
        guard application != Schema.applicationID else {
            throw ImportError.source(
                "\(path) is a database of Reelwork already; "
                    + "start it with `reelwork serve --data` and its folder"
            )
        }
        let tables = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('jobs', 'nodes')"
        )
        guard tables.contains("jobs") else {
            let what = tables.isEmpty ? "neither a table jobs nor nodes" : "no table jobs"
            throw ImportError.source(
                "\(path) has \(what): it is another program's database; \(advice)"
            )
        }
    }

    private static func nodes(_ database: Database) throws -> [PredecessorNode] {
        let names = try String.fetchAll(
            database,
            sql: "SELECT name FROM pragma_table_info('nodes')"
        )
        guard names.contains("id") else { return [] }
        func column(_ name: String) -> String {
            names.contains(name) ? "substr(\"\(name)\", 1, 4096)" : "NULL"
        }
        let statement = try BoundStatement(
            database,
            """
            SELECT substr(id, 1, 4096), \(column("name")), \(column("address")),
                \(column("status"))
            FROM nodes ORDER BY id
            """
        )
        var nodes: [PredecessorNode] = []
        while try statement.next() {
            nodes.append(
                PredecessorNode(
                    id: statement.text(0),
                    name: statement.text(1),
                    address: statement.text(2),
                    status: statement.text(3)
                )
            )
        }
        return nodes
    }

    // MARK: - Rows

    /// Texts that are read whole, up to a bound beyond which they are cut: what is longer is kept
    /// nowhere.
    private static let texts = [
        "id", "sequence_number", "scenario", "confidence", "engine", "status", "queue", "priority",
        "node_id", "created_at", "started_at", "last_activity_at", "completed_at", "retry_count",
        "max_retries", "retry_reason", "error", "failure_reason",
    ]
    private static let documents = ["parameters", "state_transitions"]

    /// Old numbers come first, in order; the file's own order decides among equal ones.
    private func sql(_ database: Database) throws -> String {
        var row = "j.rowid"
        do {
            _ = try database.cachedStatement(sql: "SELECT rowid FROM jobs")
        } catch {
            row = "NULL"
        }
        var selected = [row]
        for name in Self.texts {
            selected.append(
                columns.contains(name)
                    ? "substr(CAST(j.\"\(name)\" AS TEXT), 1, \(Limits.importTextMax))" : "NULL"
            )
        }
        for name in Self.documents {
            // A longer one is no JSON any more: it is told as unreadable.
            selected.append(
                columns.contains(name)
                    ? "substr(CAST(j.\"\(name)\" AS TEXT), 1, \(Limits.importDocumentMax))" : "NULL"
            )
        }
        selected +=
            columns.contains("logs")
            ? [
                "substr(CAST(j.logs AS BLOB), -\(Limits.logTailBytesMax))",
                "length(CAST(j.logs AS BLOB))",
            ] : ["NULL", "0"]
        let list = selected.joined(separator: ", ")
        guard row != "NULL", columns.contains("sequence_number") else {
            return "SELECT \(list) FROM jobs j"
        }
        // Only numbers are sorted, and the rows are looked up in that order. Without its limit the
        // inner order would be thrown away (https://www.sqlite.org/optoverview.html#flattening).
        return """
            SELECT \(list) FROM (
                SELECT rowid AS place FROM jobs
                ORDER BY sequence_number IS NULL, sequence_number, rowid LIMIT -1
            ) o CROSS JOIN jobs j ON j.rowid = o.place
            """
    }

    private static func job(_ row: BoundStatement) -> PredecessorJob {
        var job = PredecessorJob()
        job.row = row.integerOrNil(0)
        let fields: [WritableKeyPath<PredecessorJob, String?>] = [
            \.id, \.sequenceNumber, \.scenario, \.confidence, \.engine, \.status, \.queue,
            \.priority, \.nodeID, \.createdAt, \.startedAt, \.lastActivityAt, \.completedAt,
            \.retryCount, \.maxRetries, \.retryReason, \.error, \.failureReason, \.parameters,
            \.stateTransitions,
        ]
        for (index, field) in fields.enumerated() {
            job[keyPath: field] = row.textOrNil(Int32(index) + 1)
        }
        job.log = row.bytes(Int32(fields.count) + 1)
        job.logBytes = row.integer(Int32(fields.count) + 2)
        return job
    }
}
