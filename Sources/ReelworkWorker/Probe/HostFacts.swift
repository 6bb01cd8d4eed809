// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the machine is and has

import CReelworkSystem
import Foundation

/// What the machine is and has.
package enum HostFacts {
    /// The machine's name.
    package static var name: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }

    /// Bytes that may still be written where a path lies; nil where that cannot be asked.
    package static func bytesFree(_ path: String) -> UInt64? {
        var facts = reelwork_file_system()
        guard reelwork_file_system_at(path, &facts) >= 0 else { return nil }
        return facts.bytes_free
    }

    /// Free space in MiB.
    package static func mebibytesFree(_ path: String) -> UInt64 { (bytesFree(path) ?? 0) >> 20 }

    /// The load average of one minute, in thousandths; nil where it cannot be read.
    package static var loadMilli: UInt64? {
        var loads = [0.0]
        guard getloadavg(&loads, 1) == 1, loads[0].isFinite, loads[0] >= 0 else { return nil }
        return UInt64(min(loads[0] * 1_000, 1e9))
    }

    /// Processors that this process may keep busy: those it may run on, and no more than its
    /// control group allows.
    package static var processorsAllowed: UInt64 {
        let here = UInt64(clamping: processors)
        return max(1, min(here, ControlGroup.own.processorsMax ?? here))
    }

    /// Memory that this process may use, in MiB: the machine's, and no more than its control
    /// group allows; 0 where that cannot be read.
    package static var memoryMebibytes: UInt64 {
        let here = ProcessInfo.processInfo.physicalMemory
        return min(here, ControlGroup.own.memoryMax ?? here) >> 20
    }

    /// Processors that this process may use.
    package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }
}
