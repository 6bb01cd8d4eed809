// SPDX-License-Identifier: Apache-2.0
// Reelwork: the register of credentials.

package import ReelworkCore

// The file, one thing a line, fields parted by one space, times in Unix milliseconds:
//
//   reelwork-credentials 1
//   token ID NAME ROLE CREATED EXPIRES|- SHA256-OF-THE-SECRET
//   cert SERIAL NAME ROLE CREATED EXPIRES|-
//   revoked KIND ID AT

/// The register of credentials: which tokens are good, and which certificates are no longer.
///
/// A token that is not in it is not accepted; a certificate of the authority is, unless the
/// register takes it back: so the authority may live on another machine.
package struct CredentialBook: Sendable {
    /// All that were given out, the oldest first.
    package private(set) var records: [CredentialRecord] = []
    /// Where they stand, by kind and id.
    private var places: [CredentialKind: [String: Int]] = [:]
    /// Certificates that were taken back and have no line of their own.
    private var revokedElsewhere: [CredentialKind: [String: Timestamp]] = [:]

    private static let heading = "reelwork-credentials 1"

    /// Makes an empty register.
    package init() {}

    // MARK: - Looking

    /// The record of this kind and id.
    package func record(_ kind: CredentialKind, _ id: String) -> CredentialRecord? {
        places[kind]?[id].map { records[$0] }
    }

    /// Whose token this is.
    ///
    /// Takes the same time for an unknown id as for a wrong secret.
    package func identity(
        token: [UInt8],
        now: Timestamp
    ) throws(CredentialRefusal) -> PeerIdentity {
        guard let token = AccessToken(token) else { throw .unknown(.token) }
        let record = record(.token, token.id)
        let digest = record?.digest ?? CredentialBook.nobody
        let isRight = AccessToken.areEqual(digest, token.digest)
        guard let record, isRight, let role = record.role else { throw .unknown(.token) }
        if let refusal = record.refusal(now: now) { throw refusal }
        return PeerIdentity(
            kind: .token,
            credential: record.id,
            name: record.name,
            role: role,
            expires: record.expires
        )
    }

    /// Why an identity is not accepted, or no longer; nil while it is.
    package func refusal(of identity: PeerIdentity, now: Timestamp) -> CredentialRefusal? {
        if let expires = identity.expires, expires <= now {
            return .expired(identity.kind, name: identity.name)
        }
        if let record = record(identity.kind, identity.credential) {
            return record.refusal(now: now)
        }
        if revokedElsewhere[identity.kind]?[identity.credential] != nil {
            return .revoked(identity.kind, name: identity.name)
        }
        return identity.kind == .token ? .unknown(.token) : nil
    }

    private static let nobody = [UInt8](repeating: 0, count: AccessToken.secretBytes)

    // MARK: - Changing

    /// Adds a credential; false where its id is taken or the register is full.
    @discardableResult
    package mutating func add(_ record: CredentialRecord) -> Bool {
        guard places[record.kind]?[record.id] == nil, records.count < Limits.credentialsMax else {
            return false
        }
        places[record.kind, default: [:]][record.id] = records.count
        records.append(record)
        if let at = revokedElsewhere[record.kind]?.removeValue(forKey: record.id) {
            revoke(record.kind, record.id, at: at)
        }
        return true
    }

    /// Takes a credential back; one that was taken back before keeps its time.
    package mutating func revoke(_ kind: CredentialKind, _ id: String, at: Timestamp) {
        guard let place = places[kind]?[id] else {
            if revokedElsewhere[kind]?[id] == nil { revokedElsewhere[kind, default: [:]][id] = at }
            return
        }
        if records[place].revoked == nil { records[place].revoked = at }
    }

    // MARK: - The file

    /// Reads the file; a line that means nothing refuses the whole, as it may have taken one back.
    package init(parsing text: String) throws(CredentialBookError) {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if number == 1 {
                guard line == CredentialBook.heading else {
                    throw CredentialBookError(line: 1, "is not `\(CredentialBook.heading)`")
                }
                continue
            }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            try take(fields.map(String.init), number)
        }
        guard number > 0 else { throw CredentialBookError(line: 1, "is missing") }
    }

    private mutating func take(
        _ fields: [String],
        _ line: Int
    ) throws(CredentialBookError) {
        if fields.first == "revoked" {
            guard fields.count == 4, let kind = CredentialKind(rawValue: fields[1]),
                HexText.bytes(fields[2]) != nil, let at = CredentialBook.time(fields[3])
            else { throw CredentialBookError(line: line, "is no `revoked KIND ID TIME`") }
            return revoke(kind, fields[2], at: at)
        }
        guard let first = fields.first, let kind = CredentialKind(rawValue: first) else {
            throw CredentialBookError(line: line, "begins with none of token, cert and revoked")
        }
        guard let record = CredentialBook.record(kind, fields) else {
            throw CredentialBookError(line: line, "is no line of a \(kind.noun)")
        }
        guard add(record) else {
            throw CredentialBookError(line: line, "has an id that stands above already")
        }
    }

    private static func record(_ kind: CredentialKind, _ fields: [String]) -> CredentialRecord? {
        guard fields.count == (kind == .token ? 7 : 6), HexText.bytes(fields[1]) != nil,
            CredentialName.problem(of: fields[2]) == nil, let created = time(fields[4])
        else { return nil }
        let role = CredentialRole(rawValue: fields[3])
        let isServer = kind == .certificate && fields[3] == CredentialRecord.roleServer
        guard role != nil || isServer else { return nil }
        var expires: Timestamp?
        if fields[5] != "-" {
            guard let time = time(fields[5]) else { return nil }
            expires = time
        }
        var digest: [UInt8] = []
        if kind == .token {
            guard let bytes = HexText.bytes(fields[6]), bytes.count == AccessToken.secretBytes
            else {
                return nil
            }
            digest = bytes
        }
        return CredentialRecord(
            kind: kind,
            id: fields[1],
            name: fields[2],
            role: role,
            created: created,
            expires: expires,
            digest: digest
        )
    }

    private static func time(_ text: String) -> Timestamp? {
        guard let value = Int64(text), value >= 0 else { return nil }
        return Timestamp(milliseconds: value)
    }

    /// The file's whole text.
    package var text: String {
        var lines = [CredentialBook.heading]
        for record in records {
            let expires = record.expires.map { "\($0.milliseconds)" } ?? "-"
            var line =
                "\(record.kind.rawValue) \(record.id) \(record.name) \(record.roleName) "
                + "\(record.created.milliseconds) \(expires)"
            if record.kind == .token { line += " \(HexText.text(record.digest))" }
            lines.append(line)
        }
        for record in records {
            guard let at = record.revoked else { continue }
            lines.append("revoked \(record.kind.rawValue) \(record.id) \(at.milliseconds)")
        }
        for kind in CredentialKind.allCases {
            let sorted = (revokedElsewhere[kind] ?? [:]).sorted { $0.key < $1.key }
            for (id, at) in sorted {
                lines.append("revoked \(kind.rawValue) \(id) \(at.milliseconds)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
