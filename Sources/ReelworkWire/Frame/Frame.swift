// SPDX-License-Identifier: Apache-2.0
// Reelwork: a frame that was read and checked

package import ReelworkCore

/// A frame whose header and payload were checked; its body is not decoded yet.
package struct Frame: Hashable, Sendable {
    /// Where the body is.
    package enum Payload: Hashable, Sendable {
        /// These bytes of the span that was read.
        case plain(Range<Int>)
        /// The inflater's output.
        case inflated
    }

    /// Its header.
    package var header: FrameHeader
    /// Its type.
    package var kind: FrameKind
    /// Where the body is.
    package var payload: Payload

    /// Where a body that came plain lies in the span that was read; nil where the inflater has it.
    package var plainRange: Range<Int>? {
        switch payload {
        case .plain(let range): range
        case .inflated: nil
        }
    }

    /// The body: a part of `input`, the very span that was read, or the inflater's output.
    @_lifetime(copy input, borrow inflater)
    package func body(in input: RawSpan, _ inflater: borrowing Inflater) -> RawSpan {
        switch payload {
        case .plain(let range): input.extracting(range)
        case .inflated: inflater.output
        }
    }
}
