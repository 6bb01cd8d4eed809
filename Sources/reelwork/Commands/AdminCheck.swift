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
            Ends with 1 where a check does not hold. Without --deep only what is quick is checked.

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
        let client = try await connection.client()
        let checks = try await client.check(isDeep: deep)
        await client.close()
        if style.json {
            for check in checks { Output.json(AdminCheck.json(check)) }
        } else {
            var table = TextTable("CHECK", "RESULT", ">LOOKED AT", ">WRONG", "DETAIL")
            for check in checks {
                let jobs = check.examples.map { "#\($0)" }.joined(separator: " ")
                let detail = [check.detail ?? "", jobs].filter { !$0.isEmpty }
                table.add(
                    [
                        check.name, check.isOK ? "ok" : "WRONG", "\(check.examined)",
                        "\(check.bad)", detail.joined(separator: "; "),
                    ],
                    styles: [1: check.isOK ? .green : .red]
                )
            }
            table.print()
        }
        guard checks.allSatisfy(\.isOK) else { throw ExitCode(CommandStatus.failed.rawValue) }
    }

    static func json(_ check: CheckFinding) -> JSONValue {
        .members([
            "name": .string(check.name), "ok": .bool(check.isOK),
            "examined": .count(check.examined), "bad": .count(check.bad),
            "detail": .optional(check.detail),
            "examples": .array(check.examples.map(JSONValue.count)),
        ])
    }
}
