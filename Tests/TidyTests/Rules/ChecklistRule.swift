// SPDX-License-Identifier: Apache-2.0
// Reelwork: which threats and lessons must be named by a test.

/// Which items of the security checklist and which lessons must be named by a test that proves
/// them: as `Security checklist 4` or `Lesson 33`, in a comment of the test.
enum ChecklistRule {
    /// The items that concern the wire, and what each is about.
    static let items: [(number: Int, threat: String)] = [
        (1, "lengths that zlib is told and does not have"), (2, "bombs for inflate"),
        (3, "secrets that compression gives away"), (4, "lengths that overflow, and traps"),
        (5, "memory before authentication"), (6, "streams that lose their place"),
        (7, "slow peers, rapid resets and floods"), (8, "local sockets and who may use them"),
        (9, "messages changed on their way"), (10, "bytes before the handshake"),
        (11, "identities taken by others"), (15, "forged lines of logs, and leaked secrets"),
    ]

    /// The lessons that have been learnt, with what went wrong.
    static let lessons: [(number: Int, mistake: String)] = [
        (1, "the scheduler that was tested was never started"),
        (2, "priority, queue and aging were dropped"), (3, "backoff was a sleep"),
        (4, "a timed-out job was never retried"), (5, "a recovered orphan was lost"),
        (6, "a GPU job idled every CPU worker"),
        (7, "a healthy encode longer than its time was failed"), (8, "recovery was two steps"),
        (9, "a job that came before its worker was rejected for good"),
        (10, "an offline worker got jobs and never came back"),
        (11, "one job per worker whatever its slots"), (12, "durations of 0 and as text"),
        (13, "writers passed by the state machine"), (14, "one cancel locked the store"),
        (15, "a late result won"), (16, "history lacked failures, retries and completions"),
        (17, "a retry hid its worker"), (18, "jobs of a deleted worker were invisible"),
        (19, "an id that begins with digits was taken for a number"),
        (20, "job numbers were used again, and retries of a job never"),
        (21, "the last commits were not synced"), (22, "cancel never reached a running encode"),
        (23, "a lost reply leaked a job"), (24, "results were thrown away"),
        (25, "an encoder lived on beside its second copy"), (26, "TERM handed nothing back"),
        (27, "a hung pipeline counted as success"), (28, "a truncated film passed"),
        (29, "an encoder's words grew in memory"), (30, "no input was a test pattern"),
        (31, "an unknown worker heartbeated for ever"),
        (32, "an empty capability list meant everything"), (33, "private keys were committed"),
        (34, "certificates without an authority"), (35, "any path of a worker could be named"),
        (36, "any key holder could complete any job"),
    ]

    /// The words that a test must say, each with what they stand for.
    static let words: [(word: String, meaning: String)] =
        items.map { ("Security checklist \($0.number)", $0.threat) }
        + lessons.map { ("Lesson \($0.number)", $0.mistake) }

    /// The words that no comment of these files says.
    static func missing(in files: [SourceFile]) -> [String] {
        let comments = files.flatMap { file -> [Substring] in
            // Most files name none, and the text as a whole is quickly looked through.
            guard file.text.contains("Security checklist ") || file.text.contains("Lesson ") else {
                return []
            }
            return file.lines.compactMap { line in
                line.firstRange(of: "//").map { line[$0.lowerBound...] }
            }
        }
        return words.map(\.word).filter { word in
            !comments.contains { says(word, $0) }
        }
    }

    /// Whether a comment says these words; item 1 is not item 15.
    private static func says(_ word: String, _ comment: Substring) -> Bool {
        comment.ranges(of: word).contains { range in
            let next = comment[range.upperBound...].first
            return next.map { !$0.isNumber } ?? true
        }
    }
}
