// SPDX-License-Identifier: Apache-2.0
// Reelwork: the stores that must pass the suite.

/// The implementations of the port that must pass the suite.
enum StoreKind: CaseIterable, Sendable {
    case sqlite
    case memory
}
