// SPDX-License-Identifier: Apache-2.0
// Reelwork: proves that the store is sound

import GRDB
package import ReelworkCore

extension SQLiteJobStore {
    /// Proves that the store is sound; deep: page by page too.
    package func check(isDeep: Bool) throws(StoreError) -> [StoreFinding] {
        // The writer's own pragma: a reader's says nothing about commits.
        var findings = try access { database in
            [
                try Self.pragma("synchronous", is: "2", database),
                try Self.pragma("journal_mode", is: "wal", database),
            ]
        }
        findings.append(Self.version())
        findings += try read { database in
            var findings = [
                try HistoryCheck(database: database).run(),
                try Self.states(database),
                try Self.orphans(database),
            ]
            if isDeep { findings.append(try Self.integrity(database)) }
            return findings
        }
        return findings
    }

    private static func pragma(
        _ name: String,
        is wanted: String,
        _ database: Database
    ) throws -> StoreFinding {
        let value = try StoreConnection.pragma(name, database)
        let isSound = value == wanted
        return StoreFinding(
            name: name,
            isSound: isSound,
            examined: 1,
            bad: isSound ? 0 : 1,
            detail: value
        )
    }

    private static func version() -> StoreFinding {
        let version = SQLiteVersion.current
        return StoreFinding(
            name: "sqlite_version",
            isSound: true,
            examined: 1,
            detail: "\(version.name) \(version.sourceID)",
            warning: version.warning
        )
    }

    /// The constraints of the tables again, and those that span two of them.
    private static func states(_ database: Database) throws -> StoreFinding {
        let statement = try BoundStatement(
            database,
            """
            SELECT s.number, NOT (
                s.state BETWEEN 1 AND 9 AND s.state <> 6
                AND (s.state IN (4, 5, 8, 9)) = (s.completed IS NOT NULL)
                AND s.attempt >= 0 AND (s.attempt > 0 OR s.state NOT IN (2, 3, 4))
                AND s.granted BETWEEN 0 AND s.attempt
                AND s.retry_count BETWEEN 0 AND j.retries_max
                AND j.queue BETWEEN 1 AND 3 AND j.priority BETWEEN 1 AND 3
                AND j.number <= (SELECT number_last FROM meta)
            )
            FROM job_state s CROSS JOIN job j ON j.number = s.number
            """
        )
        defer { statement.reset() }
        var finding = StoreFinding(name: "states", isSound: true)
        while try statement.next() {
            finding.examined += 1
            if statement.integer(1) != 0 { finding.addBad(statement.integer(0)) }
        }
        finding.isSound = finding.bad == 0
        finding.detail =
            finding.isSound
            ? "every state is one that may rest" : "\(finding.bad) jobs hold what may not be"
        return finding
    }

    /// Rows whose other part is missing.
    private static func orphans(_ database: Database) throws -> StoreFinding {
        let jobs: [(sql: String, what: String)] = [
            (
                "SELECT number FROM job WHERE number NOT IN (SELECT number FROM job_state)",
                "jobs without a state"
            ),
            (
                "SELECT number FROM job_state WHERE number NOT IN (SELECT number FROM job)",
                "states without a job"
            ),
            (
                "SELECT DISTINCT number FROM move WHERE number NOT IN (SELECT number FROM job)",
                "histories without a job"
            ),
            (
                """
                SELECT number FROM publish_grant g WHERE NOT EXISTS (SELECT 1 FROM job_state s
                    WHERE s.number = g.number AND s.granted >= g.attempt)
                """, "grants that no job knows of"
            ),
            (
                "SELECT number FROM log WHERE number NOT IN (SELECT number FROM job)",
                "logs without a job"
            ),
        ]
        var finding = StoreFinding(name: "orphans", isSound: true)
        var words: [String] = []
        for query in jobs {
            let before = finding.bad
            let statement = try BoundStatement(database, query.sql)
            while try statement.next() { finding.addBad(statement.integer(0)) }
            if finding.bad > before { words.append("\(finding.bad - before) \(query.what)") }
        }
        let entries = try BoundStatement(
            database,
            """
            SELECT (SELECT count(*) FROM worker_engine WHERE worker NOT IN
                    (SELECT name FROM worker))
                + (SELECT count(*) FROM worker_item WHERE worker NOT IN (SELECT name FROM worker)),
                (SELECT count(*) FROM job)
            """
        )
        defer { entries.reset() }
        if try entries.next() {
            let count = UInt64(clamping: entries.integer(0))
            if count > 0 { words.append("\(count) entries without a worker") }
            finding.bad += count
            finding.examined = UInt64(clamping: entries.integer(1))
        }
        finding.isSound = finding.bad == 0
        finding.detail =
            words.isEmpty ? "every row has its other part" : words.joined(separator: ", ")
        return finding
    }

    /// SQLite's own check of every page, index and constraint.
    private static func integrity(_ database: Database) throws -> StoreFinding {
        let statement = try BoundStatement(database, "PRAGMA integrity_check(10)")
        var problems: [String] = []
        while try statement.next() { problems.append(statement.text(0)) }
        let isSound = problems == ["ok"]
        return StoreFinding(
            name: "integrity_check",
            isSound: isSound,
            examined: 1,
            bad: isSound ? 0 : UInt64(problems.count),
            detail: problems.joined(separator: "; ")
        )
    }
}
