// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin check

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Checks the store.
struct AdminCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the store: is every state the fold of its history, is every write synced?",
        discussion: HelpText.flowing(
            """
            Ends with 1 where a check does not hold; a warning is none. Without --deep only what is
            quick is checked. A large store takes minutes, so there is no limit for the answer but
            --answer-within.

            Example:
              reelwork admin check --deep
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @Flag(help: "Check everything, the database's own pages too.")
    var deep = false
    @OptionGroup var style: OutputOptions

    func run() async throws {
        let client = try await connection.client(mayTakeLong: true)
        let checks = try await client.check(isDeep: deep)
        await client.close()
        if style.json {
            for check in checks { Output.json(AdminCheck.json(check)) }
        } else {
            var table = TextTable("CHECK", "RESULT", ">LOOKED AT", ">WRONG", "DETAIL")
            for check in checks {
                let jobs = check.examples.map { "#\($0)" }.joined(separator: " ")
                let words = [check.detail ?? "", check.warning ?? "", jobs]
                let (result, style) = AdminCheck.result(check)
                table.add(
                    [
                        check.name, result, "\(check.examined)", "\(check.bad)",
                        words.filter { !$0.isEmpty }.joined(separator: "; "),
                    ],
                    styles: [1: style]
                )
            }
            table.print()
        }
        guard checks.allSatisfy(\.isOK) else { throw ExitCode(CommandStatus.failed.rawValue) }
    }

    /// The word for what a check came to: what holds and must be minded is not simply `ok`.
    static func result(_ check: CheckFinding) -> (word: String, style: Terminal.Style) {
        guard check.isOK else { return ("WRONG", .red) }
        return check.warning == nil ? ("ok", .green) : ("warning", .yellow)
    }

    static func json(_ check: CheckFinding) -> JSONValue {
        .members([
            "name": .string(check.name), "ok": .bool(check.isOK),
            "examined": .count(check.examined), "bad": .count(check.bad),
            "detail": .optional(check.detail),
            "examples": .array(check.examples.map(JSONValue.count)),
            "warning": .optional(check.warning),
        ])
    }
}
