// SPDX-License-Identifier: Apache-2.0
// Reelwork: what reelwork auth makes and keeps

import Foundation
import ReelworkCore
import ReelworkRPC
import Testing

@testable import reelwork

// Goal: certificates say whose they are, files are private from their first moment and never
// overwritten, and no line of the register is lost. Method: a real folder.
struct AuthFilesTests {
    private func withFolder(_ body: (AuthFolder) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "rw-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(AuthFolder(path + "/deep/auth"))
    }

    private func record(_ name: String) -> CredentialRecord {
        let token = AccessToken()
        return CredentialRecord(
            kind: .token,
            id: token.id,
            name: name,
            role: .reader,
            created: Timestamp(milliseconds: 1),
            expires: nil,
            digest: token.digest
        )
    }

    @Test(arguments: CredentialRole.allCases)
    func aClientsCertificateSaysWhoseItIs(role: CredentialRole) throws {
        let made = try CertificateMaker.authority(name: "A", from: Date(), lasting: .seconds(900))
        let maker = try CertificateMaker(certificate: made.certificate, key: made.key)
        let client = try maker.client(
            CertificateClaim(name: "encoder-7", role: role),
            from: Date(),
            lasting: .seconds(86_400)
        )
        let identity = try CertificateReader.identity(pem: client.certificate)
        #expect(identity.name == "encoder-7")
        #expect(identity.role == role)
        #expect(identity.credential == client.serial)
        // It cannot outlive its authority.
        let end = try #require(identity.expires)
        #expect(end <= made.expires)
    }

    @Test func aSchedulersCertificateNamesNoRole() throws {
        let made = try CertificateMaker.authority(name: "A", from: Date(), lasting: .seconds(900))
        let maker = try CertificateMaker(certificate: made.certificate, key: made.key)
        let server = try maker.server(
            name: "server",
            hosts: ["farm.example", "192.0.2.1", "2001:db8::1"],
            from: Date(),
            lasting: .seconds(60)
        )
        #expect(throws: CredentialRefusal.self) {
            try CertificateReader.identity(pem: server.certificate)
        }
        #expect(throws: CredentialRefusal.self) { try CertificateReader.identity(pem: "nonsense") }
        #expect(throws: CredentialRefusal.self) { try CertificateReader.identity([1, 2, 3]) }
    }

    @Test(arguments: [(-20, "expired"), (1, "expires"), (100, nil)] as [(Int64, String?)])
    func aCertificateThatEndsSoonIsToldOf(days: Int64, word: String?) async throws {
        try await withFolder { folder in
            try folder.make()
            let day = Duration.seconds(86_400)
            let made = try CertificateMaker.authority(
                name: "A",
                from: Date(timeIntervalSinceNow: -30 * 86_400),
                lasting: day * 1_000
            )
            let maker = try CertificateMaker(certificate: made.certificate, key: made.key)
            let server = try maker.server(
                name: "server",
                hosts: ["localhost"],
                from: Date(timeIntervalSinceNow: -30 * 86_400),
                lasting: day * (30 + days)
            )
            // The authority may stand behind it in the same file.
            let chain = server.certificate + made.certificate
            try AuthFolder.write(chain, to: folder.certificate("server"))
            let files = ServeSecurityFiles(certificate: folder.certificate("server"), key: "")
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let warning = files.warning(now: now)
            #expect((warning != nil) == (word != nil))
            #expect(warning?.contains(word ?? "") ?? true)
        }
    }

    @Test func aKeyOfAnotherAuthorityIsFound() throws {
        let one = try CertificateMaker.authority(name: "A", from: Date(), lasting: .seconds(900))
        let two = try CertificateMaker.authority(name: "A", from: Date(), lasting: .seconds(900))
        #expect(throws: CommandFailure.self) {
            try CertificateMaker(certificate: one.certificate, key: two.key)
        }
        #expect(throws: CommandFailure.self) {
            try CertificateMaker(certificate: "nonsense", key: one.key)
        }
    }

    @Test func filesArePrivateAndNeverOverwritten() async throws {
        try await withFolder { folder in
            try folder.make()
            let path = folder.key("x")
            try AuthFolder.write("one", to: path)
            #expect(throws: CommandFailure.self) { try AuthFolder.write("two", to: path) }
            let text = try AuthFolder.text(path, isSecret: true)
            #expect(text == "one")
            try AuthFolder.write("three", to: path, replaces: true)
            var modes: [Int] = []
            for item in [path, folder.path] {
                let facts = try FileManager.default.attributesOfItem(atPath: item)
                modes.append(try #require(facts[.posixPermissions] as? Int))
            }
            #expect(modes == [0o600, 0o700])
        }
    }

    @Test func aFolderThatOthersMayWriteIsRefused() async throws {
        try await withFolder { folder in
            try folder.make()
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o777],
                ofItemAtPath: folder.path
            )
            #expect(throws: CommandFailure.self) { try folder.make() }
        }
    }

    @Test func changesAtTheSameTimeAreAllKept() async throws {
        try await withFolder { folder in
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        do {
                            try folder.change {
                                (book: inout CredentialBook) throws(CommandFailure) in
                                _ = book.add(record("n\(index)"))
                            }
                        } catch {
                            Issue.record("\(error)")
                        }
                    }
                }
            }
            let names = Set(try folder.book().records.map(\.name))
            #expect(names.count == 20)
        }
    }

    @Test func aRegisterThatCannotBeReadLeavesTheLastInForce() async throws {
        try await withFolder { folder in
            let token = AccessToken()
            var good = record("ci")
            good.id = token.id
            good.digest = token.digest
            try folder.change { (book: inout CredentialBook) throws(CommandFailure) in
                _ = book.add(good)
            }
            let authority = try FolderAuthority(folder, now: { Timestamp(milliseconds: 5) })
            try AuthFolder.write("nonsense\n", to: folder.register, replaces: true)
            #expect(throws: CommandFailure.self) { try authority.refresh() }
            let identity = try authority.identity(token: Array(token.text.utf8))
            #expect(identity.name == "ci")
            #expect(unlink(folder.register) == 0)
            #expect(throws: CommandFailure.self) { try authority.refresh() }
            #expect(try authority.identity(token: Array(token.text.utf8)).name == "ci")
            try AuthFolder.write("nonsense\n", to: folder.register, replaces: true)
            // A new start must not begin with nobody known.
            #expect(throws: CommandFailure.self) {
                try FolderAuthority(folder, now: { Timestamp(milliseconds: 5) })
            }
        }
    }
}
