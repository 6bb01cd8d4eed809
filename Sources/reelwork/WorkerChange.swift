// SPDX-License-Identifier: Apache-2.0
// Reelwork: drains, resumes and removes workers

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Drains, resumes or removes a worker and says what came of it.
struct WorkerChange {
    var name: String
    var action: WorkerAction
    var reason: String

    /// Asks, prints, and fails where it was refused.
    func run(on options: ConnectOptions, isJSON: Bool) async throws {
        let client = try await options.client()
        let (result, open) = try await client.setWorker(name, action, reason: reason)
        var names: [String] = []
        if result.code.value == .notFound { names = try await client.workers().map(\.name) }
        await client.close()
        guard result.code.value?.isSuccess == true else { throw refusal(result, names) }
        if isJSON {
            Output.json(
                .members([
                    "worker": .string(name), "action": .string(word), "open": .count(open),
                ])
            )
        } else {
            Output.line(ShownLine.escaped(words(open)))
        }
    }

    /// What was done, for scripts.
    var word: String {
        switch action {
        case .drain: "drain"
        case .resume: "resume"
        case .remove: "remove"
        }
    }

    /// What was done, for people.
    func words(_ open: UInt64) -> String {
        let jobs = "\(open) \(open == 1 ? "job" : "jobs")"
        switch action {
        case .drain(let within):
            guard open > 0 else { return "\(name)  draining; it holds no job" }
            let end = within.map { ", handed back after \($0.words)" } ?? ""
            return "\(name)  draining; it still holds \(jobs)\(end)"
        case .resume: return "\(name)  resumed"
        case .remove: return "\(name)  removed"
        }
    }

    private func refusal(_ result: ItemResult, _ names: [String]) -> CommandFailure {
        guard result.code.value == .notFound else {
            return CommandFailure("\(name) was left as it was: \(result.words)")
        }
        return CommandFailure(
            "there is no worker \(name)",
            advice: names.isEmpty
                ? "no worker has registered yet; start one with `reelwork worker`"
                : NamedValue.advice(Array(names.prefix(20)), near: name)
        )
    }
}
