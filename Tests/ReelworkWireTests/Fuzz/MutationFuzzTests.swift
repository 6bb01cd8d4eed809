// SPDX-License-Identifier: Apache-2.0
// Reelwork: damaged bytes

import ReelworkCore
import ReelworkWire
import Testing

// Goal: no bytes make the codec trap, and every outcome is a value or a reason.
// Security checklist 4 (lengths that overflow, and traps).
// Method: seeded damage to sound frames and bodies; the checksums are mended, so that the damage
// gets through.
struct MutationFuzzTests {
    static let seed: UInt64 = 0x5EED
    static let rounds = 10_000

    static func damage(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard !bytes.isEmpty else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            case 3: bytes.remove(at: place)
            case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            default:
                let end = Int.random(in: place...bytes.count, using: &generator)
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }

    /// Reads a body; what was read must be written and read again as the same.
    static func outcome<Message: WireMessage>(_ sample: Message, _ bytes: [UInt8]) -> String {
        do throws(WireError) {
            let message = try RoundTripTests.read(Message.self, bytes)
            let again = try RoundTripTests.read(Message.self, message.encoded)
            return again == message || again.encoded == message.encoded ? "read" : "differs"
        } catch {
            return error.code == .protocolError ? "malformed" : "invalid"
        }
    }

    @Test func bodies() {
        var generator = SeededGenerator(state: MutationFuzzTests.seed)
        var counts: [String: Int] = [:]
        for round in 0..<MutationFuzzTests.rounds {
            let sample = Samples.all[round % Samples.all.count]
            let bytes = MutationFuzzTests.damage(sample.encoded, &generator)
            counts[MutationFuzzTests.outcome(sample, bytes), default: 0] += 1
        }
        #expect(counts["differs"] == nil)
        #expect(counts["read", default: 0] > 100)
        #expect(counts["malformed", default: 0] > 1_000)
        #expect(counts["invalid", default: 0] > 10)
        #expect(counts.values.reduce(0, +) == MutationFuzzTests.rounds)
    }

    @Test func specs() {
        var generator = SeededGenerator(state: MutationFuzzTests.seed)
        var (read, refused) = (0, 0)
        for _ in 0..<MutationFuzzTests.rounds {
            let bytes = MutationFuzzTests.damage(Samples.spec.encoded, &generator)
            _ = JobSpec.carriesSecrets(bytes)
            do throws(WireError) {
                let spec = try JobSpec.decode(spec: bytes)
                // Secrets that are read must be seen before a frame is compressed.
                #expect(JobSpec.carriesSecrets(bytes) || spec.secrets.isEmpty)
                read += 1
            } catch {
                #expect(error.code == .invalidArgument)
                refused += 1
            }
        }
        #expect(read > 100)
        #expect(refused > 1_000)
    }

    @Test func frames() throws {
        var generator = SeededGenerator(state: MutationFuzzTests.seed)
        var outcomes: [String: Int] = [:]
        let stream = FrameDecoderTests.stream
        for round in 0..<MutationFuzzTests.rounds {
            var bytes = MutationFuzzTests.damage(stream, &generator)
            // Every second time the first header is sound, and only what it says is wrong.
            if round % 2 == 0, bytes.count > FrameHeader.byteCount {
                bytes.replaceSubrange(
                    0..<FrameHeader.byteCount,
                    with: mended(bytes, &generator).encoded
                )
            }
            let outcome = FrameDecoderTests.feed(bytes, cuts: [])
            let words = outcome.error.map { "\($0.code.name)" } ?? "ok"
            outcomes[words, default: 0] += 1
        }
        #expect(outcomes.values.reduce(0, +) == MutationFuzzTests.rounds)
        #expect(outcomes["PROTOCOL_ERROR", default: 0] > 1_000)
        #expect(outcomes["CHECKSUM", default: 0] > 100)
        #expect(outcomes["DECOMPRESS", default: 0] > 100)
    }

    /// A header with sound checksums over damaged fields and payload.
    private func mended(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> FrameHeader {
        let length = min(
            Int.random(in: 0...400, using: &generator),
            bytes.count - FrameHeader.byteCount
        )
        let payload = bytes[FrameHeader.byteCount..<FrameHeader.byteCount + length]
        let plain = UInt32.random(in: 0...5_000, using: &generator)
        return FrameHeader(
            type: FrameKind.request.rawValue,
            flags: UInt8.random(in: 0...1, using: &generator),
            methodField: UInt16.random(in: 0...0xFFFF, using: &generator),
            requestID: UInt32.random(in: 0...3, using: &generator),
            wireLength: UInt32(length),
            plainLength: Bool.random(using: &generator) ? UInt32(length) : plain,
            payloadChecksum: Checksum.crc32c(Array(payload).span.bytes)
        )
    }
}
