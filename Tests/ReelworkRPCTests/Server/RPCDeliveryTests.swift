// SPDX-License-Identifier: Apache-2.0
// Reelwork: values that carry an error and an id.

import ReelworkRPC
import ReelworkWire
import Testing

// Goal: no id lies in the padding of an error, where the compiler may spoil it in optimised builds
// (Decisions, "No id lies in the padding of an error"). Method: a value with both in one would be
// at least as large as the error with its padding.
struct RPCDeliveryTests {
    @Test func errorsWithAnIDLieInABox() {
        let padded = MemoryLayout<ErrorMessage>.stride
        // The padding is there: without it the rule would be for nothing.
        #expect(MemoryLayout<ErrorMessage>.size < padded)
        #expect(MemoryLayout<RPCDelivery.Content>.size < padded)
        #expect(MemoryLayout<SessionEvent>.size < padded)
        #expect(MemoryLayout<SessionAction>.size < padded)
    }
}
