// SPDX-License-Identifier: Apache-2.0
// Reelwork: values that have a name

import ArgumentParser
import ReelworkCore
import ReelworkEngineKit

/// A value that people name by a word out of a list.
enum NamedValue {
    /// What to write instead: the nearest word, and all of them.
    static func advice(_ names: [String], near written: String) -> String {
        let all = "known are " + names.joined(separator: ", ")
        return NearestName.suggestion(names, near: written).map { "did you mean \($0)? \(all)" }
            ?? all
    }

    /// Reads a queue.
    @Sendable
    static func queue(_ text: String) throws -> JobQueue {
        guard let queue = JobQueue(name: text) else {
            throw refusal(JobQueue.allCases.map(\.name), text)
        }
        return queue
    }

    /// Reads a priority.
    @Sendable
    static func priority(_ text: String) throws -> JobPriority {
        guard let priority = JobPriority(name: text) else {
            throw refusal(JobPriority.allCases.map(\.name), text)
        }
        return priority
    }

    /// Reads a state; `timed-out` is `timed_out`.
    @Sendable
    static func state(_ text: String) throws -> JobState {
        guard let state = JobState(name: text.replacing("-", with: "_")) else {
            throw refusal(JobState.allCases.map(\.name), text)
        }
        return state
    }

    private static func refusal(_ names: [String], _ written: String) -> ValidationError {
        ValidationError(advice(names, near: written))
    }
}
