// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of the digest of held attempts.

import ReelworkCore
import Testing

/// Goal: the protocol's vectors, and a set that does not mind order.
struct OpenSetDigestTests {
    @Test(arguments: [
        (UInt64(1), UInt32(1), UInt64(0x83EC_686C_1600_460A)),
        (12, 3, 0xD75E_9D85_98B2_498B),
    ])
    func hashesAreThoseOfTheProtocol(number: UInt64, attempt: UInt32, hash: UInt64) {
        #expect(OpenSetDigest.hash(JobNumber(number), AttemptNumber(attempt)) == hash)
    }

    @Test func orderDoesNotMatterAndRemovalUndoes() {
        let held = (1...50).map { (JobNumber(UInt64($0)), AttemptNumber(UInt32($0 % 4 + 1))) }
        var forward = OpenSetDigest()
        for (number, attempt) in held { forward.toggle(number, attempt) }
        var backward = OpenSetDigest()
        for (number, attempt) in held.reversed() { backward.toggle(number, attempt) }
        #expect(forward == backward)
        #expect(forward.value != 0)
        for (number, attempt) in held { forward.toggle(number, attempt) }
        #expect(forward == OpenSetDigest())
    }

    @Test func heartbeatVectorIsTheJoinOfBoth() {
        var digest = OpenSetDigest()
        digest.toggle(JobNumber(1), AttemptNumber(1))
        digest.toggle(JobNumber(12), AttemptNumber(3))
        #expect(digest.value == 0x54B2_F5E9_8EB2_0F81)
    }

    @Test func swappedAttemptsAreSeen() {
        var left = OpenSetDigest()
        left.toggle(JobNumber(1), AttemptNumber(2))
        left.toggle(JobNumber(2), AttemptNumber(1))
        var right = OpenSetDigest()
        right.toggle(JobNumber(1), AttemptNumber(1))
        right.toggle(JobNumber(2), AttemptNumber(2))
        #expect(left != right)
    }
}
