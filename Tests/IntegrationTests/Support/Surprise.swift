// SPDX-License-Identifier: Apache-2.0
// Reelwork: what ends a test

import Glibc

/// Something came that ends a test.
struct Surprise: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// What the system refused.
    init(_ what: String, number: Int32) {
        description = "cannot \(what): \(String(cString: strerror(number)))"
    }
}
