// SPDX-License-Identifier: Apache-2.0
// Reelwork: the processes of the machine

import Foundation
import Glibc

/// The processes of the machine, as the kernel shows them.
enum ProcessTable {
    /// Whether a process runs; one that only waits to be reaped does not.
    static func isAlive(_ pid: pid_t) -> Bool { state(pid).map { $0 != "Z" && $0 != "X" } ?? false }

    /// Whether a process is stopped (SIGSTOP).
    static func isStopped(_ pid: pid_t) -> Bool { state(pid) == "T" }

    /// The processes of a group that run.
    static func group(_ group: pid_t) -> [pid_t] {
        all.filter { fields($0)?[2] == "\(group)" && isAlive($0) }
    }

    /// The process group of a process.
    static func groupOf(_ pid: pid_t) -> pid_t? { fields(pid).flatMap { pid_t($0[2]) } }

    /// The process that started a process.
    static func parentOf(_ pid: pid_t) -> pid_t? { fields(pid).flatMap { pid_t($0[1]) } }

    /// The most memory that a process has ever had at once, in KiB (proc(5), status, VmHWM).
    static func memoryPeak(_ pid: pid_t) -> Int? {
        let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data()
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("VmHWM:")
        }
        return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") }
    }

    /// The processes that work in a folder or name it, other than this one.
    static func under(_ folder: String) -> [pid_t] {
        all.filter { pid in
            guard pid != getpid(), isAlive(pid) else { return false }
            let place = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(pid)/cwd"
            )
            if let place, place.hasPrefix(folder) { return true }
            return command(pid).contains(folder)
        }
    }

    /// The command line of a process, for people.
    static func command(_ pid: pid_t) -> String {
        let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        return String(decoding: bytes.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
    }

    private static var all: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }
    }

    private static func state(_ pid: pid_t) -> String? { fields(pid)?[0] }

    /// State, parent, group and so on: what follows the name (proc(5), stat).
    private static func fields(_ pid: pid_t) -> [String]? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else {
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { String($0) }
        return fields.count > 2 ? fields : nil
    }
}
