// SPDX-License-Identifier: Apache-2.0
// Reelwork: the check finds what is wrong

import ReelworkCore
import ReelworkStore
import ReelworkTestKit
import Testing

// Goal: every kind of damage that the check is for is found, by the check of that name, with the
// job. Method: a sound store of three jobs; one change by a plain connection with its constraints
// switched off, after the store is closed; the store is opened again and checked.
@Suite struct CheckTests {
    /// A change that breaks something, and who must see it.
    struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sql: String
        var findings: Set<String>

        init(_ name: String, _ findings: Set<String>, _ sql: String) {
            testDescription = name
            self.findings = findings
            self.sql = sql
        }
    }

    static let damages: [Damage] = [
        Damage(
            "a gap in the numbers",
            ["history"],
            "UPDATE move SET seq = seq + 5 WHERE number = 2 AND seq = 3"
        ),
        Damage("a lost move", ["history"], "DELETE FROM move WHERE number = 2 AND seq = 2"),
        Damage("a lost last move", ["history"], "DELETE FROM move WHERE number = 2 AND seq = 3"),
        Damage("a history that is gone", ["history"], "DELETE FROM move WHERE number = 2"),
        Damage("another state", ["history"], "UPDATE job_state SET state = 1 WHERE number = 2"),
        Damage(
            "another count of moves",
            ["history"],
            "UPDATE job_state SET moves = 7 WHERE number = 2"
        ),
        Damage("another attempt", ["history"], "UPDATE job_state SET attempt = 2 WHERE number = 2"),
        Damage(
            "an illegal move",
            ["history"],
            "UPDATE move SET from_state = 1, to_state = 3 WHERE number = 2 AND seq = 3"
        ),
        Damage(
            "a broken chain",
            ["history"],
            "UPDATE move SET from_state = 7, to_state = 1 WHERE number = 2 AND seq = 2"
        ),
        Damage(
            "an attempt that fell",
            ["history"],
            "UPDATE move SET attempt = 0 WHERE number = 2 AND seq = 3"
        ),
        Damage(
            "timed out at rest",
            ["history", "states"],
            "UPDATE job_state SET state = 6 WHERE number = 2"
        ),
        Damage(
            "completed without a time",
            ["states"],
            "UPDATE job_state SET completed = NULL WHERE number = 3"
        ),
        Damage(
            "a time without being completed",
            ["states"],
            "UPDATE job_state SET completed = 1 WHERE number = 2"
        ),
        Damage(
            "a grant of a later attempt",
            ["states"],
            "UPDATE job_state SET granted = 9 WHERE number = 2"
        ),
        Damage(
            "more retries than allowed",
            ["states"],
            "UPDATE job_state SET retry_count = 9 WHERE number = 2"
        ),
        Damage("a number not yet given", ["states"], "UPDATE meta SET number_last = 1"),
        Damage("a job without a state", ["orphans"], "DELETE FROM job_state WHERE number = 2"),
        Damage("a state without a job", ["orphans"], "DELETE FROM job WHERE number = 2"),
        Damage(
            "a grant that no job knows",
            ["orphans"],
            "UPDATE job_state SET granted = 0, is_grant_open = 0 WHERE number = 3"
        ),
        Damage("a log of no job", ["orphans"], "INSERT INTO log VALUES (77, 1, x'00')"),
        Damage(
            "an engine of no worker",
            ["orphans"],
            "INSERT INTO worker_engine VALUES ('x', 0, 'e', '1', NULL, NULL)"
        ),
    ]

    @Test(arguments: damages)
    func damageIsFound(_ damage: Damage) throws {
        let folder = DataFolder()
        try CheckTests.fill(folder)
        try folder.plant("PRAGMA ignore_check_constraints = ON; \(damage.sql)")
        let store = try folder.open()
        defer { store.close() }
        let findings = try store.check(isDeep: false)
        let bad = findings.filter { !$0.isSound }
        #expect(damage.findings.isSubset(of: Set(bad.map(\.name))))
        for finding in bad {
            #expect(finding.bad > 0)
            #expect(finding.detail?.isEmpty == false)
        }
        if damage.findings.contains("history") {
            let history = try #require(bad.first { $0.name == "history" })
            #expect(history.examples == [JobNumber(2)])
            #expect(history.bad == 1)
        }
    }

    @Test func aSoundStoreHasEveryCheckAndNoFinding() throws {
        let folder = DataFolder()
        try CheckTests.fill(folder)
        let store = try folder.open()
        defer { store.close() }
        let findings = try store.check(isDeep: true)
        #expect(
            findings.map(\.name) == [
                "synchronous", "journal_mode", "sqlite_version", "history", "states", "orphans",
                "integrity_check",
            ]
        )
        #expect(findings.allSatisfy { $0.isSound && $0.bad == 0 && $0.examples.isEmpty })
        #expect(findings.first { $0.name == "history" }?.examined == 3)
        let version = try #require(findings.first { $0.name == "sqlite_version" })
        #expect(version.detail?.hasPrefix("3.") == true)
        // What holds and must be minded says so apart from what was found.
        #expect(version.warning == SQLiteVersion.current.warning)
    }

    @Test func onlyTheFirstOfManyAreNamed() throws {
        let folder = DataFolder()
        let store = try folder.open()
        for number: UInt64 in 1...30 { try store.submit(number) }
        store.close()
        try folder.plant("UPDATE job_state SET moves = 4")
        let again = try folder.open()
        defer { again.close() }
        let history = try #require(
            try again.check(isDeep: false).first { $0.name == "history" }
        )
        #expect(history.bad == 30 && history.examined == 30)
        #expect(history.examples.map(\.rawValue) == Array(1...UInt64(Limits.findingExamplesMax)))
    }

    /// A value that has no meaning is an error of the read, not a wrong job.
    @Test func aMeaninglessValueIsCorrupt() throws {
        let folder = DataFolder()
        try CheckTests.fill(folder)
        try folder.plant(
            "PRAGMA ignore_check_constraints = ON; UPDATE job_state SET failure = 200"
        )
        let store = try folder.open()
        defer { store.close() }
        #expect {
            try store.load()
        } throws: { error in
            guard case .corrupt? = error as? StoreError else { return false }
            return true
        }
    }

    /// Job 1 queued, 2 running, 3 completed.
    private static func fill(_ folder: DataFolder) throws {
        let store = try folder.open()
        try store.submit(1)
        var second = try store.submit(2)
        var third = try store.submit(3)
        try store.write { batch in
            try second.handle(.assigned, into: &batch)
            try second.handle(.started(AttemptNumber(1)), into: &batch)
            try third.complete(into: &batch)
        }
        store.close()
    }
}
