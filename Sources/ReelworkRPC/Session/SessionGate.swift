// SPDX-License-Identifier: Apache-2.0
// Reelwork: whom a transport has shown the client to be.

package import ReelworkWire

/// Whom a transport has shown the client to be, which decides how HELLO is answered.
package enum SessionGate: Hashable, Sendable {
    /// Somebody who may do this: HELLO_ACK lets it in.
    case known(Permissions)
    /// Nobody yet: HELLO_ACK asks for AUTH with one of these mechanisms.
    case asks(mechanisms: [String])
    /// Somebody who may not come in: HELLO is answered with this error.
    case refused(ErrorMessage)
    /// Nobody that speaks this protocol: the preface is answered with status 4.
    case denied
}
