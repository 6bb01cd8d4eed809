// SPDX-License-Identifier: Apache-2.0
// Reelwork: which versions of which methods a side knows.

internal import ReelworkCore
package import ReelworkWire

/// Which schema versions of which methods a side knows; methods unknown here are left out.
package struct VersionTable: Hashable, Sendable {
    /// Lowest and highest version as in HELLO, by method id; 0 = not known.
    private var ranges: [UInt8]

    private static let idMax = Int(Method.allCases.map(\.rawValue).max() ?? 0)

    /// Makes a table of what stands in HELLO or HELLO_ACK.
    package init(_ methods: [MethodRange]) {
        ranges = [UInt8](repeating: 0, count: VersionTable.idMax + 1)
        for method in methods where Int(method.id) < ranges.count {
            ranges[Int(method.id)] = method.lowest << 4 | method.highest & 0xF
        }
    }

    /// Whether a method in the version of the field is known.
    func contains(_ methodField: UInt16) -> Bool {
        let id = Int(methodField >> 4)
        guard id < ranges.count else { return false }
        let version = UInt8(methodField & 0xF)
        return version > 0 && version >= ranges[id] >> 4 && version <= ranges[id] & 0xF
    }
}
