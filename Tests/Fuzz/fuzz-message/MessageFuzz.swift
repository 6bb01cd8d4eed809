// SPDX-License-Identifier: Apache-2.0
// Reelwork: any bytes as every body

import FuzzKit

// An input: a byte that chooses the body, 0xFF for a job's spec, then the body's bytes.

/// Any bytes as every body: each is a value or a reason, its own bytes come back, and what it
/// holds is bounded by what came.
enum MessageFuzz {
    static let spec: UInt8 = 0xFF

    static func check(_ input: inout FuzzInput) {
        let row = input.u8()
        guard row != spec else { return FuzzBody.checkSpec(input.everything()) }
        guard Int(row) < FuzzBodies.all.count else { return }
        FuzzBodies.all[Int(row)].check(input.everything())
    }

    static func seeds(_ vectors: [FuzzVector]) -> [(String, [UInt8])] {
        let names = FuzzBodies.all.map(\.name)
        return vectors.compactMap { vector in
            if vector.kind == "jobspec" { return (vector.name, [spec] + vector.bytes) }
            guard vector.kind == "body" else { return nil }
            guard let row = names.firstIndex(of: vector.message) else {
                Invariant.fail("\(vector.message) is missing in FuzzBodies")
            }
            return (vector.name, [UInt8(row)] + vector.bytes)
        }
    }
}

/// What libFuzzer calls first.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(_ count: UnsafeMutableRawPointer?, _ words: UnsafeMutableRawPointer?)
    -> CInt
{
    FuzzSeeds.writeWhereAsked(MessageFuzz.seeds)
}

/// What libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
package func test(_ data: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = FuzzInput(data, count)
    MessageFuzz.check(&input)
    return 0
}
