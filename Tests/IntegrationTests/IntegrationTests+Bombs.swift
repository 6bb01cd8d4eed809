// SPDX-License-Identifier: Apache-2.0
// Reelwork: payloads that would inflate without end

import CZlib
import Foundation
import Glibc
import ReelworkClient
import ReelworkCore
import ReelworkWire
import Testing

extension IntegrationTests {
    /// Goal: a bomb of 1000:1 costs the scheduler less than 4 MiB, however its length is told, and
    /// its connection alone.
    ///
    /// Security checklist 2 (inflate bombs, CVE-2020-9840).
    ///
    /// Method: the real program; the peak of its resident memory is set back before the bombs and
    /// read after them (proc(5): clear_refs, VmHWM).
    @Suite(.timeLimit(.minutes(1)))
    struct BombTests {
        static let growthMax = 4 << 20
        static let connections = 12

        /// Zeros: about 1,030 times as many as the stream has bytes.
        private static func bomb(_ count: Int) -> [UInt8] {
            let zeros = [UInt8](repeating: 0, count: count)
            var size = compressBound(UInt(count))
            var wire = [UInt8](repeating: 0, count: Int(size))
            #expect(compress2(&wire, &size, zeros, UInt(count), 9) == Z_OK)
            return Array(wire.prefix(Int(size)))
        }

        private static func frame(_ wire: [UInt8], promised: Int, id: UInt32) -> [UInt8] {
            FrameHeader(
                type: FrameKind.request.rawValue,
                flags: FrameHeader.compressedFlag,
                methodField: FrameHeader.field(.submitBatch),
                requestID: id,
                wireLength: UInt32(wire.count),
                plainLength: UInt32(promised),
                payloadChecksum: Checksum.crc32c(wire.span.bytes)
            ).encoded + wire
        }

        /// Connects with a codec, sends a bomb and answers what the scheduler says of it.
        private static func throwBomb(
            _ house: House,
            _ wire: [UInt8],
            promised: Int
        ) throws -> OpenEnum<ResultCode> {
            let raw = try RawSocket(house.socket)
            raw.send(ClientPreface(role: .submitter).encoded)
            _ = try raw.read(Preface.byteCount)
            raw.send(try RawSocket.frame(.hello, nil, id: 0, Hello(agent: "raw")))
            let answer = try #require(try raw.readFrame())
            let terms = try HelloAck.decode(answer.body.span.bytes)
            #expect(terms.codec == .known(.zlib))
            raw.send(frame(wire, promised: promised, id: 1))
            let error = try #require(try raw.readFrame())
            return try ErrorMessage.decode(error.body.span.bytes).code
        }

        private static func peak(_ pid: pid_t) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return (Int(line.filter(\.isNumber)) ?? 0) << 10
        }

        @Test func aBombOfAThousandToOneCostsLessThanFourMebibytes() async throws {
            try await House.open { house in
                let scheduler = try await house.serve()
                let client = try await house.client()
                // Everything that a first connection and a first frame cost is there.
                _ = try await house.submit(client, "fake", "before")
                let large = Self.bomb(16_000_000)
                let small = Self.bomb(Limits.frameBytesMax)
                #expect(large.count * 1_000 < 16_000_000 && small.count * 1_000 < 1 << 20)
                try "5".write(
                    toFile: "/proc/\(scheduler.pid)/clear_refs",
                    atomically: false,
                    encoding: .utf8
                )
                let before = try Self.peak(scheduler.pid)
                for _ in 0..<Self.connections {
                    // Honest, and larger than was agreed: skipped.
                    #expect(
                        try Self.throwBomb(house, large, promised: 16_000_000)
                            == .known(.frameTooLarge)
                    )
                    // Honest, and of too great a ratio: never inflated.
                    #expect(
                        try Self.throwBomb(house, small, promised: 1 << 20) == .known(.decompress)
                    )
                    // A lie of 64:1, which may be inflated: it ends at the length told.
                    #expect(
                        try Self.throwBomb(house, large, promised: 1 << 20) == .known(.decompress)
                    )
                    // A small lie, of which no ratio is asked.
                    #expect(
                        try Self.throwBomb(house, large, promised: 65_536) == .known(.decompress)
                    )
                }
                let growth = try Self.peak(scheduler.pid) - before
                TestNote.say("\(Self.connections * 4) bombs cost \(growth >> 10) KiB")
                #expect(growth < Self.growthMax, "\(growth) bytes")
                _ = try await house.submit(client, "fake", "after")
                await client.close()
            }
        }
    }
}
