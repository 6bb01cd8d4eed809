// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a line of waiting jobs is kept

/// Where a line of waiting jobs is kept; the place is used again once the line is empty.
struct LineIndex: Hashable, Sendable {
    var value: Int32
}
