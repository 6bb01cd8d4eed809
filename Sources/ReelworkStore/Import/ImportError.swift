// SPDX-License-Identifier: Apache-2.0
// Reelwork: why an import did not happen

package import ReelworkCore

/// Why an import did not happen, or ended early.
package enum ImportError: Error, Hashable, Sendable {
    /// There is no such file.
    case missing(String)
    /// The predecessor's file may not be read.
    case denied(String)
    /// The predecessor's file is none, is damaged or is in use; it says what to do.
    case source(String)
    /// Our store refused, or the disk failed.
    case store(StoreError)

    /// What happened and, behind the last `; `, what to do, for people.
    package var explanation: String {
        switch self {
        case .missing(let text), .denied(let text), .source(let text): text
        case .store(let error): error.explanation
        }
    }
}
