// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork auth ca

import ArgumentParser
import Foundation
import ReelworkCore
import ReelworkRPC

/// Makes an authority.
struct AuthCA: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Make an authority, which makes certificates.",
        discussion: HelpText.flowing(
            """
            Writes ca.pem, which every client of the scheduler needs, and ca.key, which nobody else
            may have: whoever has it lets in whom he likes.

            Example:
              reelwork auth ca --dir /var/lib/reelwork/auth
            """
        )
    )

    @OptionGroup var options: AuthOptions
    @Option(help: ArgumentHelp("What the authority calls itself."))
    var name = "Reelwork"
    @Option(
        help: ArgumentHelp("How long it is good.", valueName: "time"),
        transform: DurationText.argument
    )
    var expires: Duration = .seconds(3650 * 86_400)
    @OptionGroup var style: OutputOptions

    func validate() throws {
        guard (1...64).contains(name.utf8.count) else {
            throw ValidationError("--name has 1 to 64 characters")
        }
        try AuthOptions.check(lasting: expires, "--expires")
    }

    func run() async throws {
        let folder = try options.folder()
        try folder.make()
        for path in [folder.authority, folder.authorityKey] where AuthFolder.exists(path) {
            throw CommandFailure(
                "\(path) is there already",
                advice: "a new authority makes all certificates of the old one worthless; choose "
                    + "another --dir if that is wanted"
            )
        }
        let made = try CertificateMaker.authority(name: name, from: Date(), lasting: expires)
        try AuthFolder.write(made.key, to: folder.authorityKey)
        try AuthFolder.write(made.certificate, to: folder.authority)
        // The register is there from the beginning, so that a scheduler sees it change.
        try folder.change { (_: inout CredentialBook) throws(CommandFailure) in }
        if style.json {
            return Output.json(
                .members([
                    "certificate": .string(folder.authority), "key": .string(folder.authorityKey),
                    "serial": .string(made.serial), "expires_at": .time(made.expires),
                ])
            )
        }
        Output.line("made \(folder.authority), good until \(made.expires.text)")
        Output.line("keep \(folder.authorityKey) to yourself; give ca.pem to every client")
    }
}
