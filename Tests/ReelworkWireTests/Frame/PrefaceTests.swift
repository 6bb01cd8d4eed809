// SPDX-License-Identifier: Apache-2.0
// Reelwork: the first 16 bytes

import ReelworkCore
import ReelworkWire
import Testing

// Goal: a wrong preface is refused as early as it can be, without an answer. Method: prefaces cut
// everywhere, and one wrong thing each.
struct PrefaceTests {
    static func read(_ bytes: [UInt8]) throws -> ClientPreface? {
        try ClientPreface(reading: bytes.span.bytes)
    }

    static func answer(_ bytes: [UInt8], to offer: ClientPreface) throws -> ServerPreface? {
        try ServerPreface(reading: bytes.span.bytes, answering: offer)
    }

    let good = ClientPreface(role: .admin).encoded

    @Test func needsMoreUntilItIsWhole() throws {
        for count in 0..<Preface.byteCount {
            #expect(try PrefaceTests.read(Array(good[..<count])) == nil)
        }
        #expect(try PrefaceTests.read(good)?.role == .known(.admin))
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "G", "\u{16}\u{3}\u{1}"])
    func refusesOtherProtocolsAtTheFirstByte(_ text: String) {
        #expect(throws: FrameError.self) {
            _ = try PrefaceTests.read(Array(text.utf8))
        }
    }

    @Test func refusesEveryFlippedBit() {
        for bit in 0..<Preface.byteCount * 8 {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: FrameError.self) { _ = try PrefaceTests.read(bytes) }
        }
    }

    @Test func refusesSenselessVersions() {
        for (lowest, highest) in [(0, 1), (2, 1)] as [(UInt8, UInt8)] {
            let preface = ClientPreface(
                role: .worker,
                versionLowest: lowest,
                versionHighest: highest
            )
            #expect(throws: FrameError.self) {
                _ = try PrefaceTests.read(preface.encoded)
            }
        }
    }

    @Test func knowsItsOwnVersion() {
        #expect(ClientPreface(role: .worker).hasVersion)
        #expect(ClientPreface(role: .worker, versionLowest: 1, versionHighest: 9).hasVersion)
        #expect(!ClientPreface(role: .worker, versionLowest: 2, versionHighest: 9).hasVersion)
    }

    @Test func aServerMustChooseWhatWasOffered() throws {
        let offer = ClientPreface(role: .worker)
        let wrong = [
            ServerPreface(version: 2), ServerPreface(version: 0),
            ServerPreface(retryAfter: .seconds(1)),
        ]
        for preface in wrong {
            #expect(throws: FrameError.self) {
                _ = try PrefaceTests.answer(preface.encoded, to: offer)
            }
        }
        let busy = ServerPreface(status: .overloaded, retryAfter: .seconds(5))
        #expect(try PrefaceTests.answer(busy.encoded, to: offer) == busy)
    }

    // A server may end at once; its reason comes in one read with its preface. A client may not.
    @Test func aServersLastWordsMayStandBehindItsPreface() throws {
        let server = ServerPreface()
        #expect(try ServerPreface(reading: (server.encoded + [1, 2]).span.bytes) == server)
        let client = ClientPreface(role: .worker)
        #expect(throws: FrameError.self) {
            _ = try ClientPreface(reading: (client.encoded + [1]).span.bytes)
        }
    }

    @Test(arguments: [
        (Duration.milliseconds(1), Duration.milliseconds(100)), (.seconds(-1), .zero),
        (.seconds(100_000), .milliseconds(6_553_500)),
    ])
    func waitsAreHeldInTheirRange(_ wait: Duration, _ read: Duration) throws {
        let bytes = ServerPreface(status: .draining, retryAfter: wait).encoded
        let preface = try ServerPreface(reading: bytes.span.bytes)
        #expect(preface?.retryAfter == read)
    }
}
