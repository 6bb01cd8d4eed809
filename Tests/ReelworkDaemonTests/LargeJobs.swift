// SPDX-License-Identifier: Apache-2.0
// Reelwork: jobs that do not fit many to a frame

import ReelworkCore
import ReelworkTestKit
import ReelworkWire

/// Jobs that do not fit many to a frame, to be stored before a scheduler starts.
enum LargeJobs {
    /// Printable bytes that zlib makes nothing of: its window is shorter (a shift register).
    private static let noise: [UInt8] = {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<1 << 20).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(33 + state % 94)
        }
    }()

    /// Jobs with noise for a parameter, so that compression is no help.
    static func many(_ count: Int, parameterBytes: Int) -> StoreBatch {
        var batch = StoreBatch()
        for number in 1...UInt64(count) {
            let start = Int(number) * parameterBytes % (noise.count - parameterBytes)
            let value = String(decoding: noise[start..<start + parameterBytes], as: UTF8.self)
            let spec = JobSpec(
                engine: "ffmpeg",
                input: "/in/\(number).mov",
                output: "/out/\(number).mp4",
                parameters: [Parameter(key: "codec", value: value)]
            )
            var life = JobLife(number, spec: spec.encoded)
            life.submit(into: &batch)
        }
        return batch
    }

    /// One canceled job that made more than `moves` moves, each with a reason of so many bytes.
    static func wanderer(moves: Int, reasonBytes: Int) throws -> StoreBatch {
        var batch = StoreBatch()
        let spec = JobSpec(engine: "ffmpeg", input: "/in/a.mov", output: "/out/a.mp4")
        var life = JobLife(1, spec: spec.encoded)
        life.reason = String(repeating: "r", count: reasonBytes)
        life.submit(into: &batch)
        while batch.moves.count < moves {
            try life.handle(.assigned, into: &batch)
            try life.handle(.released(life.row.machine.attempt), into: &batch)
            try life.handle(.backoffElapsed, into: &batch)
        }
        try life.handle(.canceled, into: &batch)
        return batch
    }
}
