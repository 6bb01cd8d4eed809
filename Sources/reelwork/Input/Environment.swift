// SPDX-License-Identifier: Apache-2.0
// Reelwork: the environment's defaults

import Glibc

/// The environment's defaults.
enum Environment {
    /// A variable; nil where it is not set or empty.
    static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
