// SPDX-License-Identifier: Apache-2.0
// Reelwork: a method with its bodies

package import ReelworkCore

/// A method that has a REQUEST and a RESPONSE.
package protocol WireCall: SendableMetatype {
    /// The body of the REQUEST.
    associatedtype Request: WireMessage
    /// The body of the RESPONSE.
    associatedtype Response: WireMessage
    /// The method.
    static var method: Method { get }
}
