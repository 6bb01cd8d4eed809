// SPDX-License-Identifier: Apache-2.0
// Reelwork: where a function begins and how long it is.

/// Where a function begins and how many lines it has, from its name to its closing brace.
struct FunctionSpan: Equatable {
    let name: String
    let line: Int
    let lines: Int
}
