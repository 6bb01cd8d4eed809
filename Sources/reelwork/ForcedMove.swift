// SPDX-License-Identifier: Apache-2.0
// Reelwork: forces jobs and says what came of it

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Forces jobs over the admin channel and says what came of each.
struct ForcedMove {
    var action: RecoverAction
    var reason: String
    var isJSON: Bool

    /// Asks, prints, and fails where one job was refused.
    func run(_ target: RecoverTarget, names: [String], on options: AdminOptions) async throws {
        let client = try await options.client()
        let items = try await client.recover(target, action, reason: reason)
        await client.close()
        var isDone = true
        if items.isEmpty, !isJSON {
            Output.line("nothing to do: no such job is held by a dead worker")
        }
        for (index, item) in items.enumerated() {
            let name =
                item.number.rawValue == 0 && index < names.count ? names[index] : "\(item.number)"
            let isMoved = item.code.value?.isSuccess == true
            isDone = isDone && isMoved
            if isJSON {
                Output.json(
                    .members([
                        "number": item.number.rawValue == 0
                            ? .null : .count(item.number.rawValue),
                        "from": .optional(item.number.rawValue == 0 ? nil : item.from?.name),
                        "to": .optional(item.number.rawValue == 0 ? nil : item.to?.name),
                        "error": isMoved ? .null : .string(words(item)),
                    ])
                )
            } else if isMoved {
                Output.line("\(name)  \(item.from?.name ?? "-") → \(item.to?.name ?? "-")")
            } else {
                Output.error("reelwork: \(ShownLine.escaped("\(name): \(words(item))"))")
            }
        }
        if !isDone { throw ExitCode(CommandStatus.failed.rawValue) }
    }

    private func words(_ item: RecoveredJob) -> String {
        if let detail = item.detail, !detail.isEmpty { return detail }
        return item.code.value == .notFound
            ? "there is no such job; see `reelwork jobs`"
            : "the scheduler answered \(item.code.name)"
    }
}
