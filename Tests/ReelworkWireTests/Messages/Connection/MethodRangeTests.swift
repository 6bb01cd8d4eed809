// SPDX-License-Identifier: Apache-2.0
// Reelwork: the version that two peers speak

import ReelworkCore
import ReelworkWire
import Testing

// Goal: two peers agree on the lower of their highest versions, or on none. Method: pairs of
// ranges, asked from both sides.
struct MethodRangeTests {
    @Test(
        arguments: [
            (1, 1, 1, 1, 1), (1, 3, 1, 2, 2), (2, 3, 1, 2, 2), (3, 4, 1, 2, nil),
            (1, 15, 15, 15, 15),
        ] as [(UInt8, UInt8, UInt8, UInt8, UInt8?)]
    )
    func versionsMeet(
        _ lowest: UInt8,
        _ highest: UInt8,
        _ otherLowest: UInt8,
        _ otherHighest: UInt8,
        _ version: UInt8?
    ) {
        let one = MethodRange(.watch, lowest: lowest, highest: highest)
        let other = MethodRange(.watch, lowest: otherLowest, highest: otherHighest)
        #expect(one.version(with: other) == version)
        #expect(other.version(with: one) == version)
    }

    @Test func theProgramKnowsAllItsMethods() {
        let ids = MethodRange.all.map(\.id)
        #expect(Set(ids) == Set(ReelworkCore.Method.allCases.map(\.rawValue)))
        #expect(ids == ids.sorted())
    }
}
