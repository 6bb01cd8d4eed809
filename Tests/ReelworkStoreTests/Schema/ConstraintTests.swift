// SPDX-License-Identifier: Apache-2.0
// Reelwork: the tables keep the law by themselves

import ReelworkCore
import ReelworkStore
import StoreTestKit
import Testing

// Goal: whoever writes the file by other means cannot break the law of a job.
// Method: plain SQL on a closed store's file; all 81 pairs of states and the ends of each column.
@Suite struct ConstraintTests {
    // Lesson 13: most writers passed by the state machine, and completed to processing was
    // accepted. Seed: TestValidateTransition, all 81 pairs.
    @Test func everyPairOfStatesIsJudgedAsByTheMachine() throws {
        let folder = DataFolder()
        let store = try folder.open()
        try store.submit(1)
        store.close()
        let raw = try RawConnection(folder.database)
        var legal = 0
        for from in JobState.allCases {
            for to in JobState.allCases {
                let isTaken = ConstraintTests.isTaken(
                    raw,
                    """
                    INSERT INTO move
                    VALUES (1, \(legal + 2), \(from.rawValue), \(to.rawValue), 0, '',
                        1, '', '', NULL, NULL)
                    """
                )
                #expect(isTaken == from.canMove(to: to), "\(from.name) to \(to.name)")
                legal += isTaken ? 1 : 0
            }
        }
        #expect(legal == 19)
    }

    static let moves: [(String, isLegal: Bool)] = [
        ("(2, 1, NULL, 1, 0, '', 0, '', '', NULL, NULL)", true),
        ("(2, 2, NULL, 1, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 0, NULL, 1, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 1, NULL, 2, 0, '', 1, '', '', NULL, NULL)", false),
        ("(2, 1, 7, 1, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 2, 0, 1, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 2, 1, 10, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 2, 1, NULL, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 2, 1, 2, 0, '', 0, '', '', NULL, NULL)", false),
        ("(2, 2, 1, 2, 0, '', -1, '', '', NULL, NULL)", false),
        ("(2, 2, 1, 2, 0, '', 4294967296, '', '', NULL, NULL)", false),
        ("(2, 2, 1, 2, 0, '', 1, '', '', 9, NULL)", false),
        ("(2, 2, 1, 2, 0, NULL, 1, '', '', NULL, NULL)", false),
        ("(2, 2, 1, 2, 'soon', '', 1, '', '', NULL, NULL)", false),
        ("(1, 1, NULL, 1, 0, '', 0, '', '', NULL, NULL)", false),
    ]

    @Test(arguments: moves)
    func movesOutsideOfTheLawAreRefused(_ values: String, isLegal: Bool) throws {
        let folder = DataFolder()
        try ConstraintTests.fill(folder)
        let raw = try RawConnection(folder.database)
        #expect(ConstraintTests.isTaken(raw, "INSERT INTO move VALUES \(values)") == isLegal)
    }

    static let changes: [(String, isLegal: Bool)] = [
        ("state = 7", true),
        ("state = 6", false),
        ("state = 0", false),
        ("state = 10", false),
        ("state = NULL", false),
        ("state = 5", false),
        ("state = 5, completed = 1", true),
        ("state = 8, completed = 1", true),
        ("state = 9, completed = 1", true),
        ("state = 4, completed = 1", false),
        ("state = 4, attempt = 1, completed = 1", true),
        ("completed = 1", false),
        ("state = 2", false),
        ("state = 2, attempt = 1", true),
        ("attempt = -1", false),
        ("attempt = 4294967295", true),
        ("attempt = 4294967296", false),
        ("moves = 0", false),
        ("retry_count = -1", false),
        ("retry_count = 65536", false),
        ("granted = 1", false),
        ("granted = 1, attempt = 1", true),
        ("is_grant_open = 2", false),
        ("is_look_only = -1", false),
        ("failure = 0", false),
        ("failure = 8", true),
        ("worker = NULL", false),
        ("rank = 'first'", false),
        ("number = 77", false),
    ]

    @Test(arguments: changes)
    func statesOutsideOfTheLawAreRefused(_ change: String, isLegal: Bool) throws {
        let folder = DataFolder()
        try ConstraintTests.fill(folder)
        let raw = try RawConnection(folder.database)
        try raw.run("PRAGMA foreign_keys = ON")
        #expect(ConstraintTests.isTaken(raw, "UPDATE job_state SET \(change)") == isLegal)
    }

    static let others: [String] = [
        "UPDATE job SET number = 0 WHERE number = 1",
        "UPDATE job SET id = x'00' WHERE number = 1",
        "UPDATE job SET id = (SELECT id FROM job WHERE number = 2) WHERE number = 1",
        "UPDATE job SET key = (SELECT key FROM job WHERE number = 2) WHERE number = 1",
        "UPDATE job SET queue = 4 WHERE number = 1",
        "UPDATE job SET priority = 0 WHERE number = 1",
        "UPDATE job SET retries_max = 65536 WHERE number = 1",
        "UPDATE job SET spec = NULL WHERE number = 1",
        "UPDATE meta SET epoch = 0",
        "UPDATE meta SET number_last = -1",
        "INSERT INTO meta SELECT 2, cluster, epoch, created, number_last FROM meta",
        "INSERT INTO publish_grant VALUES (1, 0, 1, 1, 1)",
        "INSERT INTO publish_grant VALUES (1, 1, 1, 4294967296, 1)",
        "INSERT INTO worker VALUES ('w', 1, NULL, NULL, NULL, NULL, 1, 2, NULL, NULL, NULL)",
        "INSERT INTO worker VALUES ('w', 1, NULL, NULL, NULL, NULL, 1, 0, NULL, 1, NULL)",
        "INSERT INTO worker VALUES ('w', 1, NULL, NULL, NULL, NULL, 1, 0, NULL, NULL, 'x')",
        "INSERT INTO queue VALUES (4, 1, '', '')",
        "INSERT INTO queue VALUES (1, 1, NULL, '')",
        "INSERT INTO job_worker VALUES (1, 'w', 0, 1, 1)",
        "INSERT INTO job_worker VALUES (1, 'w', 4, 1, 1)",
        "INSERT INTO worker_item VALUES ('w', 5, -1, 0, 'n', NULL, 1)",
        "INSERT INTO worker_item VALUES ('w', 1, -1, 0, 'n', NULL, NULL)",
        "INSERT INTO worker_item VALUES ('w', 2, -1, 0, 'n', NULL, NULL)",
        "INSERT INTO worker_item VALUES ('w', 3, -1, 0, 'n', NULL, NULL)",
    ]

    @Test(arguments: others)
    func otherTablesRefuseWhatHasNoMeaning(_ sql: String) throws {
        let folder = DataFolder()
        try ConstraintTests.fill(folder)
        #expect(!ConstraintTests.isTaken(try RawConnection(folder.database), sql))
    }

    @Test func everyTableIsStrictAndEveryColumnIsExplained() throws {
        let folder = DataFolder()
        try folder.open().close()
        let raw = try RawConnection(folder.database)
        let loose = "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND NOT strict"
        #expect(try raw.text(loose + " AND name NOT LIKE 'sqlite_%'") == "0")
        let lines = Schema.migrations.flatMap { $0.sql.split(separator: "\n") }
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count > 1,
                ["INTEGER", "TEXT", "BLOB"].contains(words[1].filter(\.isLetter))
            else { continue }
            // A column whose line has no room says what it is on the next.
            #expect(line.contains("--") || words[0] == "state", "\(line)")
        }
    }

    private static func fill(_ folder: DataFolder) throws {
        let store = try folder.open()
        try store.submit(1)
        store.close()
        try folder.plant(
            """
            INSERT INTO job SELECT 2, zeroblob(16), 'other', tenant, queue, priority, retries_max,
                created, retry_of, spec FROM job
            """
        )
    }

    private static func isTaken(_ raw: RawConnection, _ sql: String) -> Bool {
        (try? raw.run(sql)) != nil
    }
}
