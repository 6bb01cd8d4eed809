// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a measurement failed

/// Why a measurement failed.
struct BenchError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
