// SPDX-License-Identifier: Apache-2.0
// Reelwork: tokens are read as they were made.

import ReelworkCore
import Testing

@testable import ReelworkRPC

// Goal: a token survives its text, and nothing else is one. Method: new tokens and broken texts.
// Security checklist 11 (secrets are compared in constant time).
struct AccessTokenTests {
    @Test func aTokenIsReadAsItWasMade() throws {
        let token = AccessToken()
        let read = try #require(AccessToken(Array(token.text.utf8)))
        #expect(read.id == token.id)
        #expect(read.digest == token.digest)
        #expect(token.digest.count == 32)
        #expect(token.text.utf8.count <= Limits.tokenBytesMax)
    }

    @Test func everyTokenIsAnother() {
        let texts = Set((0..<100).map { _ in AccessToken().text })
        #expect(texts.count == 100)
    }

    @Test func theDigestIsTheSecretsSHA256() throws {
        // FIPS 180-4; computed with sha256sum of 32 zero bytes.
        let text = "rlw_0011223344556677_" + String(repeating: "0", count: 64)
        let token = try #require(AccessToken(Array(text.utf8)))
        #expect(token.id == "0011223344556677")
        #expect(
            HexText.text(token.digest)
                == "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        )
    }

    @Test(
        arguments: [
            "", "rlw_", "rlw_0011223344556677", "rlw_0011223344556677_00",
            "rlw_001122334455667_" + String(repeating: "0", count: 64),
            "rlw_0011223344556677_" + String(repeating: "0", count: 63),
            "rlw_0011223344556677_" + String(repeating: "A", count: 64),
            "RLW_0011223344556677_" + String(repeating: "0", count: 64),
            "rlw_0011223344556677_" + String(repeating: "0", count: 64) + "_",
            "rlw_0011223344556677_" + String(repeating: "0", count: 64) + "\n",
            String(repeating: "x", count: 5_000),
        ]
    )
    func otherTextsAreNone(text: String) {
        #expect(AccessToken(Array(text.utf8)) == nil)
    }

    @Test func bytesThatAreNoTextAreNone() {
        #expect(AccessToken([0xFF, 0xFE]) == nil)
    }

    @Test func equalMeansEqualInEveryByte() {
        let left = (0..<32).map { UInt8($0) }
        #expect(AccessToken.areEqual(left, left))
        for index in left.indices {
            var right = left
            right[index] ^= 0x80
            #expect(!AccessToken.areEqual(left, right))
        }
        #expect(!AccessToken.areEqual(left, Array(left.dropLast())))
    }
}
