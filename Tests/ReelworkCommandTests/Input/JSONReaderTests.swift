// SPDX-License-Identifier: Apache-2.0
// Reelwork: tests of reading JSON

import Testing

@testable import reelwork

// Goal: JSON is read as RFC 8259 has it, anything else is refused with its place. Method: tables,
// and every prefix of a long text, none of which may be read or trap.
struct JSONReaderTests {
    private static let long =
        #"{"a":[1,-2.5e3,true,false,null,"x\né😀 \u00e9\ud83d\ude00"],"b":{"c":{}},"d":""}"#

    @Test func readsAllKindsOfValues() throws {
        let value = try JSONReader.value(Array(Self.long.utf8))
        let text = #"{"a":[1,-2500,true,false,null,"x\né😀 é😀"],"b":{"c":{}},"d":""}"#
        #expect(value.text == text)
        #expect(try JSONReader.value(Array(text.utf8)) == JSONReader.value(Array(value.text.utf8)))
    }

    @Test func refusesEveryPrefix() {
        let bytes = Array(Self.long.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONReader.Problem.self) {
                try JSONReader.value(Array(bytes[..<count]))
            }
        }
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, 11), ("[1,]", 4), ("{\"a\":1,}", 8), ("01", 3), ("1 2", 3), ("nul", 1),
        ("\"\\x\"", 4), ("\"\\ud800\"", 8), ("\"\u{1}\"", 2), ("+1", 1), ("1e999", 6), ("NaN", 1),
    ])
    func saysWhereItIsWrong(_ text: String, _ column: Int) {
        let error = #expect(throws: JSONReader.Problem.self) {
            try JSONReader.value(Array(text.utf8))
        }
        #expect(error?.column == column)
    }

    @Test func saysWhatBelongsWhereAWordStands() {
        // Goal: text without quotes is not told to be `null` because it begins with an n.
        let error = #expect(throws: JSONReader.Problem.self) {
            try JSONReader.value(Array("not json".utf8))
        }
        #expect(error?.message == "expected a value, with quotes where it is a text")
    }

    @Test func refusesWhatIsNotUTF8AndWhatIsTooDeep() {
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value([0x22, 0xFF, 0x22]) }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(deep) }
    }
}
