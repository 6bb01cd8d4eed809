// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a connection or a request came to nothing

package import ReelworkCore

/// Why a connection or a request came to nothing.
package struct AgentTransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The scheduler's answer; nil where it did not answer.
    package var code: OpenEnum<ResultCode>?
    /// What is wrong and what to do, for people.
    package var detail: String
    /// Not before this; nil where nobody said.
    package var retryAfter: Duration?

    /// Makes an error.
    package init(
        code: OpenEnum<ResultCode>? = nil,
        detail: String,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
    }

    /// The detail, with the name of the code.
    package var description: String {
        guard let code else { return detail }
        let name = code.value?.name ?? "unknown(\(code.rawValue))"
        return detail.isEmpty ? name : "\(detail) (\(name))"
    }
}
