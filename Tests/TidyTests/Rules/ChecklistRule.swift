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
        (2, "priority, queue and aging were dropped"), (6, "a GPU job idled every CPU worker"),
        (7, "a healthy encode longer than its time was failed"),
        (8, "recovery was two steps"), (9, "a GPU job before the GPU worker was rejected"),
        (10, "an offline worker got jobs and never came back"),
        (11, "one job per worker whatever its slots"),
        (18, "jobs of a deleted worker were invisible"),
        (32, "an empty list of capabilities meant all"),
        (33, "private keys were committed"), (34, "certificates without an authority"),
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
