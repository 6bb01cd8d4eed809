// SPDX-License-Identifier: Apache-2.0
// Reelwork: a line of the helper's report

/// A line of the helper's report, as `Sources/reelwork-exec/main.c` writes it.
enum HelperReport: Hashable, Sendable {
    /// The program's process id, which is that of its group too.
    case started(pid: Int32)
    /// It ended by itself.
    case exited(code: Int32)
    /// A signal ended it.
    case signaled(Int32)
    /// It could not be started.
    case failed(error: Int32, what: String)

    /// Reads a line without its end; nil where it is none of these.
    init?(line: [UInt8]) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count >= 2, let number = Int32(words[1]) else { return nil }
        switch words[0] {
        case "started": self = .started(pid: number)
        case "exit": self = .exited(code: number)
        case "signal": self = .signaled(number)
        case "error":
            self = .failed(error: number, what: words.count > 2 ? String(words[2]) : "start")
        default: return nil
        }
    }
}
