// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a requirement is interned

/// Where a requirement is interned.
struct RequirementIndex: Hashable, Sendable {
    var value: Int32
}
