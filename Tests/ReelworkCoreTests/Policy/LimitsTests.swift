// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of how the caps fit together.

import ReelworkCore
import Testing

/// Goal: no cap makes another one senseless.
struct LimitsTests {
    @Test func whatMustFitIntoAFrameFits() {
        #expect(Limits.frameBytesMax <= Limits.frameBytesCeiling)
        #expect(Limits.frameBytesCeiling < 1 << 24)
        #expect(Limits.specBytesMax < Limits.frameBytesMax)
        #expect(Limits.parameterBytesMax < Limits.specBytesMax)
        #expect(Limits.logTailBytesMax < Limits.frameBytesMax)
        #expect(Limits.compressBytesMin < Limits.inflateFreeBytes)
        #expect(Limits.stringBytesMax > Limits.pathBytesMax)
        #expect(Limits.keyBytesMax < Limits.stringBytesMax)
        #expect(Limits.handshakeFrameBytesMax <= Limits.handshakeBytesOutMax)
    }

    @Test func backPressureComesInOrder() {
        #expect(Limits.outboundBytesSoft < Limits.outboundBytesPause)
        #expect(Limits.outboundBytesPause < Limits.outboundBytesMax)
        #expect(Limits.prefaceTime < Limits.handshakeTime)
        #expect(Limits.keepaliveIdle < Limits.keepaliveDead)
        #expect(Limits.connectionsUnauthenticatedMax < Limits.connectionsMax)
    }

    @Test func whatOneMayTakeIsLessThanAllHave() {
        #expect(Limits.lingeringMax < Limits.connectionsMax)
        #expect(Limits.lingeringBytesMax < Limits.outboundBytesInFlightMax)
        #expect(Limits.lingeringBytesMax > Limits.outboundBytesMax)
        #expect(Limits.outboundPieceBytes < Limits.outboundBytesSoft)
        #expect(Limits.pingsPerTenSeconds <= Limits.controlFramesBurst)
        #expect(Limits.handshakesPerAddressPerSecond < Limits.acceptsPerSecondMax)
        #expect(
            Limits.connectionsUnauthenticatedPerAddressMax < Limits.handshakesPerAddressBurst
        )
    }

    @Test func defaultsFitTheLimits() {
        let policy = SchedulerPolicy()
        #expect(Int(policy.retry.retriesDefault) <= Limits.retriesMax)
        #expect(Limits.retriesMax <= Int(UInt16.max))
        #expect(policy.heartbeatInterval * 3 <= policy.leaseDuration)
        #expect(policy.retry.backoffFirst < policy.retry.backoffMax)
        #expect(policy.runDefaultMax < Limits.horizonMax)
        #expect(Limits.slotsMax <= Limits.heldMax)
    }
}
