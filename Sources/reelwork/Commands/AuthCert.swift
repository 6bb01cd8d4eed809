// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork auth cert

import ArgumentParser
import Foundation
import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// Makes a certificate.
struct AuthCert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cert",
        abstract: "Make a certificate of the authority, with its key.",
        discussion: HelpText.flowing(
            """
            Writes NAME.pem and NAME.key. A scheduler's has the role server and names the hosts that
            it is reached by; a worker's holds its name, and it can register under no other.

            Example:
              reelwork auth cert --role server --host farm.example --host 10.0.0.5
              reelwork auth cert --role worker --name encoder-7 --expires 365d
            """
        )
    )

    @OptionGroup var options: AuthOptions
    @Option(
        help: ArgumentHelp("server, reader, submitter, operator or worker.", valueName: "role")
    )
    var role: String
    @Option(help: ArgumentHelp("Whose it is (default with --role server: server)."))
    var name: String?
    @Option(
        help: ArgumentHelp(
            "With --role server: a name or address that it is reached by; may be repeated.",
            valueName: "host"
        )
    )
    var host: [String] = []
    @Option(
        help: ArgumentHelp("How long it is good, at most as its authority.", valueName: "time"),
        transform: DurationText.argument
    )
    var expires: Duration = .seconds(365 * 86_400)
    @OptionGroup var style: OutputOptions

    private var isServer: Bool { role == CredentialRecord.roleServer }
    private var ownName: String { name ?? (isServer ? "server" : "") }

    func validate() throws {
        guard isServer || CredentialRole(rawValue: role) != nil else {
            throw ValidationError(RoleText.problem(of: role, isCertificate: true))
        }
        guard isServer || name != nil else { throw ValidationError("--name is missing") }
        guard ownName != "ca" else { throw ValidationError("ca is the authority's own name") }
        try AuthOptions.check(name: ownName)
        try AuthOptions.check(lasting: expires, "--expires")
        guard isServer || host.isEmpty else {
            throw ValidationError("--host is for --role server alone")
        }
        guard !isServer || !host.isEmpty else {
            throw ValidationError("--role server needs --host, the name that clients connect to")
        }
        for host in host where !AuthCert.isHost(host) {
            throw ValidationError("--host \(host) is neither a name nor an address")
        }
    }

    func run() async throws {
        let folder = try options.folder()
        guard AuthFolder.exists(folder.authority), AuthFolder.exists(folder.authorityKey) else {
            throw CommandFailure(
                "there is no authority in \(folder.path)",
                advice: "make one with `reelwork auth ca --dir \(folder.path)`"
            )
        }
        let maker = try CertificateMaker(
            certificate: try AuthFolder.text(folder.authority, isSecret: false),
            key: try AuthFolder.text(folder.authorityKey, isSecret: true)
        )
        let (now, name, claim) = (Date(), ownName, CredentialRole(rawValue: role))
        let made =
            if let claim {
                try maker.client(
                    CertificateClaim(name: name, role: claim),
                    from: now,
                    lasting: expires
                )
            } else {
                try maker.server(name: name, hosts: host, from: now, lasting: expires)
            }
        let record = CredentialRecord(
            kind: .certificate,
            id: made.serial,
            name: name,
            role: claim,
            created: SystemClock.wall(),
            expires: made.expires
        )
        // What is not in the register cannot be revoked by its name: so that comes first.
        try folder.change { (book: inout CredentialBook) throws(CommandFailure) in
            for path in [folder.certificate(name), folder.key(name)] where AuthFolder.exists(path) {
                throw CommandFailure(
                    "\(path) is there already",
                    advice: "move it away, or choose another --name"
                )
            }
            guard book.add(record) else { throw AuthCert.isFull }
        }
        try AuthFolder.write(made.key, to: folder.key(name))
        try AuthFolder.write(made.certificate, to: folder.certificate(name))
        show(record, folder)
    }

    private func show(_ record: CredentialRecord, _ folder: AuthFolder) {
        let (certificate, key) = (folder.certificate(record.name), folder.key(record.name))
        if style.json {
            var object = RecordText.members(record)
            object.append(JSONValue.Member(name: "certificate", value: .string(certificate)))
            object.append(JSONValue.Member(name: "key", value: .string(key)))
            return Output.json(.object(object))
        }
        let end = record.expires?.text ?? "never"
        Output.line("made \(certificate) and \(key), good until \(end)")
        if record.role != nil {
            Output.line("take them and ca.pem to their machine: --tls-ca, --tls-cert, --tls-key")
        }
    }

    static let isFull = CommandFailure(
        "the register is full",
        advice: "it holds \(Limits.credentialsMax) lines; take those that have expired out of it"
    )

    /// Whether a text can stand in a certificate as a host.
    ///
    /// It is an address, or labels of letters, digits and `-`.
    private static func isHost(_ host: String) -> Bool {
        if CertificateMaker.address(host) != nil { return true }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy {
                        (48...57).contains($0) || (97...122).contains($0)
                            || (65...90).contains($0) || $0 == 45
                    }
            }
    }
}
