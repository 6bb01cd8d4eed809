// SPDX-License-Identifier: Apache-2.0
// Reelwork: reading single values

import ReelworkCore
import ReelworkWire
import Testing

// Goal: a reader gives each value in its one spelling and refuses all others, with the place.
// Method: hand-made bytes for each rule.
struct WireReaderTests {
    @Test(
        arguments: [
            (0, [0]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (UInt64.max, [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        ] as [(UInt64, [UInt8])]
    )
    func uvarintHasOneSpelling(_ value: UInt64, _ bytes: [UInt8]) throws {
        var writer = WireWriter()
        writer.uvarint(value)
        #expect(writer.bytes == bytes)
        var reader = WireReader(bytes.span.bytes, message: "test")
        #expect(try reader.uvarint("value") == value)
        try reader.finish()
    }

    @Test(
        arguments: [
            [], [0x80], [0x80, 0], [0xFF, 0x80, 0],
            [255, 255, 255, 255, 255, 255, 255, 255, 255, 2],
            [128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1],
        ] as [[UInt8]]
    )
    func uvarintRefusesOtherSpellings(_ bytes: [UInt8]) {
        #expect(throws: WireError.self) {
            var reader = WireReader(bytes.span.bytes, message: "test")
            _ = try reader.uvarint("value")
        }
    }

    @Test(arguments: [0, -1, 1, -2, 63, -64, 64, Int64.max, Int64.min] as [Int64])
    func svarintGoesRound(_ value: Int64) throws {
        var writer = WireWriter()
        writer.svarint(value)
        let bytes = writer.bytes
        var reader = WireReader(bytes.span.bytes, message: "test")
        #expect(try reader.svarint("value") == value)
        try reader.finish()
    }

    @Test func fixedNumbersAreLittleEndian() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
        var reader = WireReader(bytes.span.bytes, message: "test")
        #expect(try reader.u8("a") == 1)
        #expect(try reader.u16("b") == 0x0302)
        #expect(try reader.u32("c") == 0x0706_0504)
        #expect(try reader.u64("d") == 0x0F0E_0D0C_0B0A_0908)
        try reader.finish()
    }

    @Test(
        arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF]] as [[UInt8]]
    )
    func stringsAreValidUTF8(_ text: [UInt8]) {
        let bytes = [UInt8(text.count)] + text
        #expect(throws: WireError.self) {
            var reader = WireReader(bytes.span.bytes, message: "test")
            _ = try reader.string("text")
        }
    }

    @Test func optionalValuesTellNothingFromEmpty() throws {
        var writer = WireWriter()
        writer.optionalBlob(nil)
        writer.optionalBlob([])
        writer.optionalString("a")
        writer.optionalString(nil)
        let bytes = writer.bytes
        #expect(bytes == [0, 1, 2, 0x61, 0])
        var reader = WireReader(bytes.span.bytes, message: "test")
        #expect(try reader.optionalBlob("a") == nil)
        #expect(try reader.optionalBlob("b") == [])
        #expect(try reader.optionalString("c") == "a")
        #expect(try reader.optionalString("d") == nil)
        try reader.finish()
    }

    @Test func capsComeBeforeMemory() {
        var writer = WireWriter()
        writer.uvarint(UInt64(Limits.stringBytesMax) + 1)
        let tooLong = writer.bytes
        writer.reset()
        writer.uvarint(.max)
        let huge = writer.bytes
        for bytes in [tooLong, huge] {
            #expect(throws: WireError.self) {
                var reader = WireReader(bytes.span.bytes, message: "test")
                _ = try reader.string("text")
            }
            #expect(throws: WireError.self) {
                var reader = WireReader(bytes.span.bytes, message: "test")
                _ = try reader.count("list", itemBytesMin: 16)
            }
            #expect(throws: WireError.self) {
                var reader = WireReader(bytes.span.bytes, message: "test")
                _ = try reader.optionalBlob("bytes")
            }
        }
    }

    @Test func momentsAndLengthsNeverTrap() throws {
        var writer = WireWriter()
        writer.uvarint(UInt64(Int64.max))
        writer.duration(.seconds(Int64.max))
        writer.duration(.seconds(-1))
        writer.timestamp(Timestamp(milliseconds: -1))
        writer.uvarint(UInt64(Int64.max) + 1)
        let bytes = writer.bytes
        var reader = WireReader(bytes.span.bytes, message: "test")
        #expect(try reader.timestamp("a").milliseconds == .max)
        #expect(try reader.duration("b").wholeMilliseconds == .max)
        #expect(try reader.duration("c") == .zero)
        #expect(try reader.timestamp("d").milliseconds == 0)
        var failed = false
        do { _ = try reader.duration("e") } catch { failed = true }
        #expect(failed)
    }

    @Test func errorsNameMessageFieldAndPlace() {
        let bytes: [UInt8] = [5, 0x61]
        do throws(WireError) {
            var reader = WireReader(bytes.span.bytes, message: "GET_JOB.request")
            _ = try reader.string("key")
            Issue.record("it was read")
        } catch {
            #expect(
                error.explanation
                    == "GET_JOB.request: key: expected 5 bytes, found 1 bytes left (byte 1)"
            )
            #expect(error.code == .protocolError)
        }
    }
}
