// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a body was refused

package import ReelworkCore

/// Why a body was refused.
package enum WireError: Error, Hashable, Sendable {
    /// The bytes do not follow the form: the two sides no longer agree, the connection closes.
    case malformed(WireFault)
    /// Well-formed but senseless: the request or the item is refused, the connection goes on.
    case invalid(WireFault)

    /// What is wrong, and where.
    package var fault: WireFault {
        switch self {
        case .malformed(let fault), .invalid(let fault): fault
        }
    }

    /// The code that answers it.
    package var code: ResultCode {
        switch self {
        case .malformed: .protocolError
        case .invalid: .invalidArgument
        }
    }

    /// The whole of it in one line, for people.
    package var explanation: String { fault.explanation }
}
