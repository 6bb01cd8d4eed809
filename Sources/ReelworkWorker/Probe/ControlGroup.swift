// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the kernel lets this process have

import Foundation

/// What the kernel lets this process have: the limits of its control groups, version 2 (cgroups(7),
/// Documentation/admin-guide/cgroup-v2.rst: memory.max, cpu.max).
///
/// A container has as much memory as its group, whatever the machine has.
struct ControlGroup: Sendable {
    private let folders: [String]

    /// The groups of this process, from its own to the root.
    ///
    /// - Parameters:
    ///   - membership: the text of `/proc/self/cgroup`.
    ///   - mount: where the groups are shown.
    init(membership: String, mount: String = "/sys/fs/cgroup") {
        // 0::/a/b is version 2; the lines of version 1 name their controllers.
        let path = membership.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3)
        var parts = (path ?? "").split(separator: "/").filter { $0 != ".." && $0 != "." }
        var folders: [String] = []
        while !parts.isEmpty {
            folders.append(mount + "/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        self.folders = folders + [mount]
    }

    /// The groups of this process.
    static var own: ControlGroup {
        let text = try? FileCalls.read("/proc/self/cgroup", bytesMax: 64 << 10)
        return ControlGroup(membership: String(decoding: text ?? [], as: UTF8.self))
    }

    /// Bytes that it may use; nil where nothing limits it.
    var memoryMax: UInt64? {
        folders.compactMap { words($0 + "/memory.max").first.flatMap { UInt64($0) } }.min()
    }

    /// Processors that it may keep busy, rounded up; nil where nothing limits it.
    var processorsMax: UInt64? {
        folders.compactMap { folder in
            let numbers = words(folder + "/cpu.max").compactMap { UInt64($0) }
            guard numbers.count == 2, numbers[1] > 0, numbers[0] > 0 else { return nil }
            return (numbers[0] - 1) / numbers[1] + 1
        }.min()
    }

    private func words(_ path: String) -> [String] {
        guard let bytes = try? FileCalls.read(path, bytesMax: 4_096) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .map(String.init)
    }
}
