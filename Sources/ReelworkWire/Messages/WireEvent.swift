// SPDX-License-Identifier: Apache-2.0
// Reelwork: a method with its event

package import ReelworkCore

/// A method that has an EVENT; of a ``WireCall`` it belongs to the open request.
package protocol WireEvent: SendableMetatype {
    /// The body of the EVENT.
    associatedtype Event: WireMessage
    /// The method.
    static var method: Method { get }
}
