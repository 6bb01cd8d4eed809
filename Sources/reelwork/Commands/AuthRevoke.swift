// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork auth revoke

import ArgumentParser
import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// Takes credentials back.
struct AuthRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take certificates and tokens back.",
        discussion: HelpText.flowing(
            """
            A name takes back all that were given out to it, an id (see `reelwork auth list`) that
            one alone. A scheduler closes their connections within 2 s. A certificate that was made
            elsewhere is taken back by its serial number in lowercase hexadecimal, with --serial.

            Example:
              reelwork auth revoke encoder-7
            """
        )
    )

    @OptionGroup var options: AuthOptions
    @Argument(help: ArgumentHelp("Names or ids.", valueName: "name-or-id"))
    var names: [String] = []
    @Option(help: ArgumentHelp("The serial number of a certificate that is not in the list."))
    var serial: [String] = []
    @OptionGroup var style: OutputOptions

    func validate() throws {
        guard !names.isEmpty || !serial.isEmpty else {
            throw ValidationError("name what is to be taken back")
        }
        for serial in serial where HexText.bytes(serial)?.isEmpty ?? true {
            throw ValidationError("--serial \(serial) is no number in lowercase hexadecimal")
        }
    }

    func run() async throws {
        let folder = try options.folder()
        let now = SystemClock.wall()
        let revoked = try folder.change {
            (book: inout CredentialBook) throws(CommandFailure) -> [CredentialRecord] in
            var revoked: [CredentialRecord] = []
            for name in names {
                let found = AuthRevoke.find(name, in: book)
                guard !found.isEmpty else {
                    throw CommandFailure(
                        "nothing was given out to \(name)",
                        advice: "see `reelwork auth list`; nothing was changed"
                    )
                }
                for record in found {
                    book.revoke(record.kind, record.id, at: now)
                    revoked.append(book.record(record.kind, record.id) ?? record)
                }
            }
            for serial in serial { book.revoke(.certificate, AuthRevoke.trimmed(serial), at: now) }
            return revoked
        }
        if style.json {
            for record in revoked { Output.json(.object(RecordText.members(record))) }
            return
        }
        for record in revoked {
            Output.line("revoked the \(record.kind.noun) \(record.id) of \(record.name)")
        }
        for serial in serial { Output.line("revoked the certificate \(serial)") }
    }

    private static func find(_ name: String, in book: CredentialBook) -> [CredentialRecord] {
        let byID = CredentialKind.allCases.compactMap { book.record($0, name) }
        return byID.isEmpty ? book.records.filter { $0.name == name } : byID
    }

    /// Serial numbers stand in the register without zeros before them.
    private static func trimmed(_ serial: String) -> String {
        HexText.bytes(serial).map { HexText.text($0.drop { $0 == 0 }) } ?? serial
    }
}
