// SPDX-License-Identifier: Apache-2.0
// Reelwork: reelwork admin loop

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Starts, stops or runs a loop.
struct AdminLoop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loop",
        abstract: "Start or stop a loop of the scheduler, or run it once now.",
        discussion: HelpText.flowing(
            """
            `reelwork admin loops` shows them.

            Loops are the backstop: jobs are assigned, and leases and limits end, at once and
            without them. To have nothing assigned, pause the queues or drain the workers.

            Example:
              reelwork admin loop cleanup run --reason "the disk is nearly full"
            """
        )
    )

    @OptionGroup var connection: AdminOptions
    @Argument(help: "The loop's name.")
    var name: String
    @Argument(help: "start, stop or run.", transform: AdminLoop.action)
    var action: LoopAction
    @OptionGroup var reason: ReasonOptions
    @OptionGroup var style: OutputOptions

    /// Reads an action.
    @Sendable
    static func action(_ text: String) throws -> LoopAction {
        guard let action = LoopAction(rawValue: text) else {
            throw ValidationError(
                NamedValue.advice(LoopAction.allCases.map(\.rawValue), near: text)
            )
        }
        return action
    }

    func run() async throws {
        let client = try await connection.client()
        let result = try await client.setLoop(name, action, reason: reason.reason)
        let isUnknown = result.code.value == .notFound
        let names = isUnknown ? try await client.loops().map(\.name) : []
        await client.close()
        if isUnknown {
            throw CommandFailure(
                "there is no loop \(name)",
                advice: NamedValue.advice(names, near: name)
            )
        }
        guard result.code.value?.isSuccess == true else {
            throw CommandFailure("the loop \(name) was left as it was: \(result.words)")
        }
        if style.json {
            Output.json(.members(["loop": .string(name), "action": .string(action.rawValue)]))
        } else {
            Output.line(ShownLine.escaped("\(name)  \(AdminLoop.words(action))"))
        }
    }

    private static func words(_ action: LoopAction) -> String {
        switch action {
        case .start: "runs"
        case .stop: "stopped"
        case .run: "was run"
        }
    }
}
