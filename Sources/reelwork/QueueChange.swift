// SPDX-License-Identifier: Apache-2.0
// Reelwork: pauses and resumes queues

import ArgumentParser
import ReelworkClient
import ReelworkCore

/// Pauses or resumes a queue and says what came of it.
struct QueueChange {
    var queue: JobQueue
    var isPaused: Bool
    var reason: String

    /// Asks, prints, and fails where it was refused.
    func run(on options: ConnectOptions, isJSON: Bool) async throws {
        let client = try await options.client()
        let result = try await client.setQueue(queue, paused: isPaused, reason: reason)
        await client.close()
        guard result.code.value?.isSuccess == true else {
            throw CommandFailure("the queue \(queue.name) was left as it was: \(result.words)")
        }
        if isJSON {
            Output.json(.members(["queue": .string(queue.name), "paused": .bool(isPaused)]))
        } else {
            Output.line("\(queue.name)  \(isPaused ? "paused" : "resumed")")
        }
    }
}
