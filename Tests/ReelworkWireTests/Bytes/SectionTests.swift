// SPDX-License-Identifier: Apache-2.0
// Reelwork: tagged sections

import ReelworkCore
import ReelworkWire
import Testing

// Goal: tags rise, fill their length exactly, and unknown ones are passed over. Method: sections
// by hand, read with one known tag, #2, a number.
struct SectionTests {
    static func read(_ bytes: [UInt8]) throws(WireError) -> UInt64? {
        var reader = WireReader(bytes.span.bytes, message: "test")
        var known: UInt64?
        var section = try reader.openSection()
        while let tag = try reader.nextTag(&section) {
            switch tag {
            case 2: known = try reader.uvarint("#2")
            default: reader.skipTag()
            }
        }
        try reader.finish()
        return known
    }

    @Test func readsKnownAndSkipsUnknownTags() throws {
        #expect(try SectionTests.read([0]) == nil)
        #expect(try SectionTests.read([1, 2, 1, 7]) == 7)
        #expect(try SectionTests.read([3, 1, 2, 9, 9, 2, 1, 7, 80, 0]) == 7)
    }

    @Test(
        arguments: [
            [2, 2, 1, 7, 2, 1, 7], [2, 3, 0, 2, 1, 7], [1, 0, 0], [1, 2, 2, 7, 7], [1, 2, 0],
            [1, 2, 9, 7], [1, 2, 1, 7, 0], [2, 2, 1, 7], [200, 1], [1, 2, 2, 0x87, 0],
        ] as [[UInt8]]
    )
    func refusesOtherForms(_ bytes: [UInt8]) {
        #expect(throws: WireError.self) { _ = try SectionTests.read(bytes) }
    }

    @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 60_000])
    func lengthsOfAnySizeArePutBeforeTheirValue(_ count: Int) throws {
        // A tag with a struct inside, whose length is known only at its end.
        var news = JobNews(number: JobNumber(1), kind: .known(.snapshot))
        var view = JobView(
            id: JobID(high: 1, low: 2),
            number: JobNumber(1),
            state: .known(.queued),
            queue: .known(.live),
            priority: .known(.low),
            attempt: .none,
            retryCount: 0,
            retriesMax: 3,
            engine: "auto",
            worker: "",
            created: Timestamp(milliseconds: 5),
            input: "/in",
            output: "/out"
        )
        view.parameters = (0..<(count / 1_000)).map {
            Parameter(key: "k\($0)", value: String(repeating: "x", count: 1_000))
        }
        view.error = String(repeating: "e", count: min(count, 4_096))
        news.view = view
        let bytes = news.encoded
        let again = try JobNews.decode(bytes.span.bytes)
        #expect(again == news)
    }
}
