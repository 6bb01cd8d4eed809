// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork auth token

import ArgumentParser
import Glibc
import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// Makes a token.
struct AuthToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token, a secret that says who one is.",
        discussion: HelpText.flowing(
            """
            Prints it, once: the register holds no more than its hash. With --out it is written to a
            file of mode 0600 instead, as --token-file wants it.

            Example:
              reelwork auth token --role submitter --name ci --expires 90d --out ci.token
              reelwork submit --connect tcp:farm.example:7411 --tls-ca ca.pem \\
                --token-file ci.token --input film.mp4 --output film.mkv
            """
        )
    )

    @OptionGroup var options: AuthOptions
    @Option(help: ArgumentHelp("reader, submitter, operator or worker.", valueName: "role"))
    var role: String
    @Option(help: "Whose it is; a worker registers under this name.")
    var name: String
    @Option(
        help: ArgumentHelp("How long it is good, such as 90d, or never.", valueName: "time")
    )
    var expires = "365d"
    @Option(help: ArgumentHelp("Write it to a new file instead.", valueName: "file"))
    var out: String?
    @OptionGroup var style: OutputOptions

    private var lasting: Duration? { expires == "never" ? nil : DurationText.read(expires) }

    func validate() throws {
        guard CredentialRole(rawValue: role) != nil else {
            throw ValidationError(RoleText.problem(of: role, isCertificate: false))
        }
        try AuthOptions.check(name: name)
        guard expires != "never" else { return }
        guard let lasting else {
            throw ValidationError("--expires \(expires): write \(DurationText.form), or never")
        }
        try AuthOptions.check(lasting: lasting, "--expires")
    }

    func run() async throws {
        let folder = try options.folder()
        let token = AccessToken()
        let now = SystemClock.wall()
        let record = CredentialRecord(
            kind: .token,
            id: token.id,
            name: name,
            role: CredentialRole(rawValue: role),
            created: now,
            expires: lasting.map {
                Timestamp(milliseconds: now.milliseconds + $0.wholeMilliseconds)
            },
            digest: token.digest
        )
        // A file that no register knows does no harm; a token that nobody holds is a riddle.
        if let out { try AuthFolder.write(token.text + "\n", to: out) }
        do throws(CommandFailure) {
            try folder.change { (book: inout CredentialBook) throws(CommandFailure) in
                guard book.add(record) else { throw AuthCert.isFull }
            }
        } catch {
            if let out { unlink(out) }
            throw error
        }
        if style.json {
            var object = RecordText.members(record)
            let value: JSONValue = out == nil ? .string(token.text) : .null
            object.append(JSONValue.Member(name: "token", value: value))
            object.append(JSONValue.Member(name: "file", value: .optional(out)))
            return Output.json(.object(object))
        }
        Output.line(out.map { "wrote \($0)" } ?? token.text)
    }
}
