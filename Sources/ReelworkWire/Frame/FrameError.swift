// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a connection's bytes cannot be read on

package import ReelworkCore

/// Why a connection's bytes cannot be read on: it closes.
package struct FrameError: Error, Hashable, Sendable {
    /// The code of the last ERROR, with method 0 and request id 0.
    package var code: ResultCode
    /// Nothing that was read can be believed: close without an answer.
    package var isSilent: Bool
    /// What was wrong, in one line, for people.
    package var explanation: String

    /// Makes an error that is answered before the connection closes.
    package init(_ code: ResultCode, _ explanation: String) {
        self.code = code
        self.explanation = explanation
        isSilent = false
    }

    /// Makes an error after which the connection closes without an answer.
    package init(silent explanation: String) {
        code = .protocolError
        self.explanation = explanation
        isSilent = true
    }
}
