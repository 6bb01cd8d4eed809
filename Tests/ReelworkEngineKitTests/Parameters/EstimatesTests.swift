// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of what an encode is guessed to take up

import ReelworkCore
import ReelworkEngineKit
import Testing

// Goal: the guess grows with the picture, knows the film's size where bit rate and length are
// known, and has few different values, since every other value is a line of its own.
// Method: tables.
struct EstimatesTests {
    private func estimates(
        _ parameters: [String: String],
        plays: Duration? = nil
    ) throws -> [String: UInt64] {
        var job = TestTable.job(parameters)
        job.mediaDuration = plays
        let read = try EncodeParameters(job, table: TestTable.all)
        let pairs = read.estimates(of: job).map { ($0.name, $0.amount) }
        #expect(Set(pairs.map(\.0)).count == pairs.count, "each resource once")
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test(
        arguments: [
            (nil, 4, 1_024), ("640x360", 2, 256), ("1280x720", 4, 512), ("1920x1080", 4, 1_024),
            ("3840x2160", 8, 4_096), ("8192x8192", 16, 32_768), ("16x16", 2, 128),
        ] as [(String?, UInt64, UInt64)]
    )
    func growsWithThePicture(size: String?, processors: UInt64, mebibytes: UInt64) throws {
        let found = try estimates(size.map { ["resolution": $0] } ?? [:])
        #expect(found == ["cpu": processors, "memory_mib": mebibytes])
    }

    @Test func aCopyTakesLittle() throws {
        #expect(try estimates(["codec": "copy"]) == ["cpu": 1, "memory_mib": 128])
    }

    @Test(
        arguments: [
            // 8.256 Mbit a second over 101 s are 100 MiB.
            ("8M", nil, 100, 128), ("8M", "10s", 100, 16), ("8M", "1h", 100, 128),
            ("8M", "100s", nil, 128), ("1k", nil, 1, 1), ("8M", nil, nil, nil),
            (nil, nil, 100, nil),
            // The ends of what may be asked for: ten years at a gigabit.
            ("1000M", nil, 315_360_000, 1 << 36), ("8M", nil, 0, nil), ("8M", nil, -1, nil),
            ("8M", nil, Int64.max, nil),
        ] as [(String?, String?, Int64?, UInt64?)]
    )
    func knowsTheSizeOfAFilm(
        bitrate: String?,
        kept: String?,
        seconds: Int64?,
        mebibytes: UInt64?
    ) throws {
        var parameters: [String: String] = [:]
        if let bitrate { parameters["bitrate"] = bitrate }
        if let kept { parameters["duration"] = kept }
        let found = try estimates(parameters, plays: seconds.map { .seconds($0) })
        #expect(found["scratch_mib"] == mebibytes)
    }

    // A thousand films, each of another length and size, wait in a handful of lines.
    @Test func jobsShareTheirLines() throws {
        var requirements: Set<[ResourceAmount]> = []
        for index in 0..<1_000 {
            var job = TestTable.job([
                "bitrate": "\(1_000 + 7 * index)k", "resolution": "\(16 + 2 * index)x720",
            ])
            job.mediaDuration = .seconds(60 + 11 * index)
            requirements.insert(
                try EncodeParameters(job, table: TestTable.all).estimates(of: job)
            )
        }
        #expect(requirements.count < 40, "\(requirements.count)")
    }
}
