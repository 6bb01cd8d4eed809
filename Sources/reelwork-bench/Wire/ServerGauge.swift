// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a process uses, as the kernel counts it

import Foundation
import ReelworkCore

/// What a process uses, as the kernel counts it.
struct ServerGauge {
    private let pid: Int32

    /// Looks at a scheduler.
    init(_ server: BenchServer) {
        pid = server.process.processIdentifier
    }

    /// Memory that lies in RAM now, in MiB.
    var residentMiB: Double { status("VmRSS:") }

    /// The most that ever lay in RAM, in MiB.
    var residentPeakMiB: Double { status("VmHWM:") }

    /// Processor time that it has used, all threads together.
    ///
    /// Source: proc_pid_schedstat, whose first number is in nanoseconds.
    var processorTime: Duration {
        let folder = "/proc/\(pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let nanoseconds = threads.compactMap { thread in
            try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)
        }.compactMap { $0.split(separator: " ").first.flatMap { Int64($0) } }.reduce(0, +)
        return .nanoseconds(nanoseconds)
    }

    /// Source: proc_pid_status, whose numbers are in kB of 1,024 bytes.
    private func status(_ name: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count > 1, let count = Double(words[1]) { return count / 1_024 }
        }
        return 0
    }
}
