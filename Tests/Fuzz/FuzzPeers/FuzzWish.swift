// SPDX-License-Identifier: Apache-2.0
// Reelwork: what the owner of an end wants to send

package import ReelworkCore

/// What the owner of an end wants to send.
package struct FuzzWish {
    /// The frame that it becomes.
    package var kind: FrameKind
    /// Method and version.
    package var methodField: UInt16
    /// The body.
    package var body: FuzzFiller

    /// Makes a wish.
    package init(_ kind: FrameKind, methodField: UInt16, _ body: FuzzFiller) {
        self.kind = kind
        self.methodField = methodField
        self.body = body
    }
}
