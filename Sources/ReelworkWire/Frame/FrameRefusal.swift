// SPDX-License-Identifier: Apache-2.0
// Reelwork: a frame that cannot be handled

package import ReelworkCore

/// A frame that cannot be handled, while the connection goes on.
///
/// A REQUEST, or an unknown type, with a request id is answered ERROR with `code` and the method
/// and id of its header; a RESPONSE fails its request; with request id 0 the ERROR is the
/// connection's, which closes.
package struct FrameRefusal: Hashable, Sendable {
    /// Its header.
    package var header: FrameHeader
    /// `frameTooLarge` or `unimplemented`.
    package var code: ResultCode
    /// The limit that was passed.
    package var limit: UInt64?
    /// What was wrong, in one line, for people.
    package var explanation: String
}
