// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the fake engine tells of itself

import Foundation
import Glibc

/// What the fake engine tells of itself: a line for each start and end.
struct FakeLog: Sendable {
    let path: String

    /// All lines, as words.
    var events: [[Substring]] {
        let text = String(
            decoding: FileManager.default.contents(atPath: path) ?? Data(),
            as: UTF8.self
        )
        return text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    /// How many lines there are.
    var count: Int {
        (FileManager.default.contents(atPath: path) ?? Data()).count { $0 == UInt8(ascii: "\n") }
    }

    /// The processes that encoded a job's film, in the order of their start; probes are none.
    var encoders: [pid_t] {
        events.filter { words in
            words.first == "start" && words.count > 3 && words[2] == "ffmpeg"
                && words.contains("-progress") && words.contains("file:in")
        }
        .compactMap { pid_t($0[1]) }
    }

    /// The processes that encoders left behind.
    var grandchildren: [pid_t] {
        events.filter { $0.first == "grandchild" && $0.count > 1 }.compactMap { pid_t($0[1]) }
    }

    /// The exit code of a process that said goodbye.
    func exitCode(_ pid: pid_t) -> Int32? {
        events.last { $0.first == "end" && $0.count > 2 && $0[1] == "\(pid)" }
            .flatMap { Int32($0[2]) }
    }
}
