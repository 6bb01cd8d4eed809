// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a test tells beside its result

/// What a test tells beside its result: what it measured, and the logs of a failure.
enum TestNote {
    static func say(_ text: String) { print(text) }
}
