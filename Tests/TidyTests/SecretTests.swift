// SPDX-License-Identifier: Apache-2.0
// Reelwork: no private key lies in the tree, tested on every tracked file.
import Foundation
import Testing

// Goal: no file of the tree holds a private key. Lesson 33: private keys were committed.
// Method: the rule first on planted keys of every kind, then on every file that git tracks.
struct SecretTests {
    @Test(arguments: SecretRule.kinds)
    func findsAKeyOfEachKind(kind: String) {
        let key = SecretRule.planted(kind)
        #expect(SecretRule.breach(path: "a.pem", Data(key.utf8)) != nil)
        #expect(SecretRule.breach(path: "a.swift", Data("let a = \"\"\"\n    \(key)".utf8)) != nil)
    }

    @Test func findsAKeyInDER() {
        let key: [UInt8] = [
            0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ]
        #expect(SecretRule.breach(path: "a.bin", Data(key)) != nil)
        let long: [UInt8] = [
            0x30, 0x82, 0x04, 0xBE, 0x02, 0x01, 0x00, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48,
            0x86, 0xF7,
        ]
        #expect(SecretRule.breach(path: "a.bin", Data(long)) != nil)
    }

    @Test(arguments: SecretRule.endings)
    func findsFilesThatAreNamedLikeKeys(ending: String) {
        #expect(SecretRule.breach(path: "ci/server" + ending, Data("x".utf8)) != nil)
    }

    @Test(arguments: [
        "-----BEGIN CERTIFICATE-----\nMIIB\n", "a key is private",
        "keys are made by `reelwork auth`",
    ])
    func acceptsWhatIsNoKey(text: String) {
        #expect(SecretRule.breach(path: "a.md", Data(text.utf8)) == nil)
    }

    @Test func lesson33NoPrivateKeyIsCommitted() throws {
        let paths = try #require(SourceTree.tracked, "the tree is no checkout of git")
        #expect(paths.count > 100)
        for path in paths {
            let file = SourceTree.root.appendingPathComponent(path)
            guard let bytes = try? Data(contentsOf: file) else { continue }
            if let why = SecretRule.breach(path: path, bytes) { Issue.record("\(path) \(why)") }
        }
    }
}
