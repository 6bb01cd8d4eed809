// SPDX-License-Identifier: Apache-2.0
// Reelwork: the last line of a report, read.

import Testing

/// "exit CODE utime_us stime_us maxrss_kib" or "signal N utime_us stime_us maxrss_kib".
struct Report {
    let kind: String
    let number: Int
    let userMicroseconds: Int
    let systemMicroseconds: Int
    let memoryKiB: Int

    /// Fails for every line of another shape.
    init(_ line: String?) throws {
        let line = try #require(line)
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let numbers = words.dropFirst().compactMap { Int($0) }
        try #require(words.count == 5 && numbers.count == 4, "\(line)")
        try #require(words[0] == "exit" || words[0] == "signal", "\(line)")
        kind = words[0]
        number = numbers[0]
        userMicroseconds = numbers[1]
        systemMicroseconds = numbers[2]
        memoryKiB = numbers[3]
    }
}
