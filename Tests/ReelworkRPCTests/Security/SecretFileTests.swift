// SPDX-License-Identifier: Apache-2.0
// Reelwork: files with secrets are read only where they are secret.

import Foundation
import Testing

@testable import ReelworkRPC

// Goal: a key or token that others may read is refused, with what to do. Method: real files.
struct SecretFileTests {
    private func withFile(
        _ text: String,
        mode: Int,
        _ body: (String) throws -> Void
    ) throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder + "/file"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        try body(path)
    }

    private func message(_ body: () throws(RPCError) -> Void) -> String? {
        do throws(RPCError) {
            try body()
            return nil
        } catch {
            #expect(error.code == .credentials)
            return error.message
        }
    }

    @Test(arguments: [(0o600, true), (0o400, true), (0o640, true), (0o644, false), (0o660, false)])
    func aSecretIsForItsOwnerAndAtMostItsGroup(mode: Int, isFine: Bool) throws {
        let token = AccessToken()
        try withFile(token.text + "\n", mode: mode) { path in
            let message = message { () throws(RPCError) in _ = try SecretFile.token(path) }
            #expect((message == nil) == isFine)
            #expect(isFine || (message ?? "").contains("chmod 600"))
            // A certificate is no secret.
            let bytes = try SecretFile.read(path, isSecret: false)
            #expect(bytes.count > 10)
        }
    }

    @Test func whiteSpaceAroundATokenIsDropped() throws {
        let token = AccessToken()
        try withFile("\n  \(token.text)\t\n\n", mode: 0o600) { path in
            let read = try SecretFile.token(path)
            #expect(read == Array(token.text.utf8))
        }
    }

    @Test(arguments: ["", "\n", "not a token", String(repeating: "x", count: 100_000)])
    func whatIsNoTokenIsToldSo(text: String) throws {
        try withFile(text, mode: 0o600) { path in
            #expect(message { () throws(RPCError) in _ = try SecretFile.token(path) } != nil)
        }
    }

    @Test(arguments: ["/nowhere/at/all", "/tmp", "/dev/zero"])
    func whatIsNoFileIsToldSo(path: String) {
        #expect(
            message { () throws(RPCError) in _ = try SecretFile.read(path, isSecret: true) }
                != nil
        )
    }
}
