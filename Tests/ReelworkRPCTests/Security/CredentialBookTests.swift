// SPDX-License-Identifier: Apache-2.0
// Reelwork: the register knows whom to let in.

import ReelworkCore
import Testing

@testable import ReelworkRPC

// Goal: a right token is let in, and a wrong, expired, revoked or unknown one is not, also after
// the register went through its file. Method: registers as values, with the clock in the test's
// hand. Security checklist 11.
struct CredentialBookTests {
    private static let now = Timestamp(milliseconds: 1_000_000)
    private static let later = Timestamp(milliseconds: 2_000_000)

    private func record(
        _ token: AccessToken,
        name: String = "ci",
        expires: Timestamp? = CredentialBookTests.later
    ) -> CredentialRecord {
        CredentialRecord(
            kind: .token,
            id: token.id,
            name: name,
            role: .submitter,
            created: CredentialBookTests.now,
            expires: expires,
            digest: token.digest
        )
    }

    private func refusal(
        _ book: CredentialBook,
        _ text: String,
        now: Timestamp = CredentialBookTests.now
    ) -> CredentialRefusal? {
        do throws(CredentialRefusal) {
            _ = try book.identity(token: Array(text.utf8), now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func aRightTokenIsWhoTheRegisterSays() throws {
        let token = AccessToken()
        var book = CredentialBook()
        book.add(record(token))
        let identity = try book.identity(token: Array(token.text.utf8), now: Self.now)
        #expect(identity.name == "ci")
        #expect(identity.role == .submitter)
        #expect("\(identity)" == "token:ci")
        #expect(book.refusal(of: identity, now: Self.now) == nil)
        #expect(book.refusal(of: identity, now: Self.later) == .expired(.token, name: "ci"))
    }

    @Test func wrongUnknownAndMeaninglessTokensAreTheSame() {
        let token = AccessToken()
        var book = CredentialBook()
        book.add(record(token))
        let other = AccessToken()
        let forged = token.text.dropLast(64) + other.text.suffix(64)
        #expect(refusal(book, String(forged)) == .unknown(.token))
        #expect(refusal(book, other.text) == .unknown(.token))
        #expect(refusal(book, "nonsense") == .unknown(.token))
    }

    @Test func onlyWhoHoldsTheSecretHearsThatItIsOver() {
        let token = AccessToken()
        var book = CredentialBook()
        book.add(record(token))
        let forged = String(token.text.dropLast(64) + AccessToken().text.suffix(64))
        #expect(refusal(book, token.text, now: Self.later) == .expired(.token, name: "ci"))
        #expect(refusal(book, forged, now: Self.later) == .unknown(.token))
        book.revoke(.token, token.id, at: Self.now)
        #expect(refusal(book, token.text) == .revoked(.token, name: "ci"))
        #expect(refusal(book, forged) == .unknown(.token))
    }

    @Test func anIDThatIsACertificatesIsNoTokens() {
        let token = AccessToken()
        var book = CredentialBook()
        var certificate = record(token)
        certificate.kind = .certificate
        book.add(certificate)
        #expect(refusal(book, token.text) == .unknown(.token))
    }

    @Test func theFileKeepsEverything() throws {
        let (token, other) = (AccessToken(), AccessToken())
        var book = CredentialBook()
        book.add(record(token))
        book.add(record(other, name: "x", expires: nil))
        book.add(
            CredentialRecord(
                kind: .certificate,
                id: "0a1b",
                name: "server",
                role: nil,
                created: Self.now,
                expires: Self.later
            )
        )
        book.revoke(.token, other.id, at: Self.later)
        book.revoke(.certificate, "ff", at: Self.later)
        let read = try CredentialBook(parsing: book.text)
        #expect(read.records == book.records)
        #expect(read.text == book.text)
        #expect(refusal(read, other.text) == .revoked(.token, name: "x"))
        #expect(!book.text.contains(token.text.suffix(64)))
        let elsewhere = PeerIdentity(
            kind: .certificate,
            credential: "ff",
            name: "w",
            role: .worker
        )
        #expect(read.refusal(of: elsewhere, now: Self.now) == .revoked(.certificate, name: "w"))
    }

    @Test func aCertificateOfTheAuthorityNeedsNoLine() {
        let identity = PeerIdentity(
            kind: .certificate,
            credential: "ee",
            name: "w",
            role: .worker,
            expires: Self.later
        )
        let book = CredentialBook()
        #expect(book.refusal(of: identity, now: Self.now) == nil)
        #expect(book.refusal(of: identity, now: Self.later) == .expired(.certificate, name: "w"))
    }

    @Test(
        arguments: [
            ("", 1), ("reelwork-credentials 2\n", 1),
            ("reelwork-credentials 1\nnonsense\n", 2),
            ("reelwork-credentials 1\n\n# a remark\nrevoked token zz 5\n", 4),
            ("reelwork-credentials 1\nrevoked token ab\n", 2),
            ("reelwork-credentials 1\ncert ab w worker 1 2 3\n", 2),
            ("reelwork-credentials 1\ncert ab w king 1 2\n", 2),
            ("reelwork-credentials 1\ncert ab w/x worker 1 2\n", 2),
            ("reelwork-credentials 1\ncert ab w worker 1 soon\n", 2),
            ("reelwork-credentials 1\ncert ab w worker -1 2\n", 2),
            ("reelwork-credentials 1\ntoken ab w server 1 2 00\n", 2),
            ("reelwork-credentials 1\ntoken ab w worker 1 2 00\n", 2),
            ("reelwork-credentials 1\ncert ab w worker 1 2\ncert ab x worker 1 2\n", 3),
        ]
    )
    func aLineThatMeansNothingRefusesTheWhole(text: String, line: Int) {
        do throws(CredentialBookError) {
            _ = try CredentialBook(parsing: text)
            Issue.record("it was read")
        } catch {
            #expect(error.line == line)
        }
    }

    @Test(arguments: ["", "a b", "a/b", "-a", ".a", "ä", String(repeating: "a", count: 64)])
    func namesArePlain(name: String) {
        #expect(CredentialName.problem(of: name) != nil)
        #expect(CertificateClaim(uri: "reelwork:worker/\(name)") == nil)
    }

    @Test func aClaimIsReadAsItIsWritten() throws {
        for role in CredentialRole.allCases {
            let claim = CertificateClaim(name: "encoder-7.a_b", role: role)
            #expect(CertificateClaim(uri: claim.uri) == claim)
        }
        for uri in [
            "reelwork:worker", "reelwork:worker/a/b", "reelwork:king/a", "https://worker/a",
            "REELWORK:worker/a", "reelwork:server/a",
        ] {
            #expect(CertificateClaim(uri: uri) == nil)
        }
    }
}
