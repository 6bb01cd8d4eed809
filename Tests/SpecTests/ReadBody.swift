// SPDX-License-Identifier: Apache-2.0
// Reelwork: a body that was read.
import ReelworkWire

/// A body that was read: its value, and its bytes when written again.
struct ReadBody {
    let value: any WireMessage
    let again: [UInt8]
}
