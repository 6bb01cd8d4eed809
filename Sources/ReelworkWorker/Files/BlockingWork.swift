// SPDX-License-Identifier: Apache-2.0
// Reelwork: work that may block

import Dispatch

/// Work that may block: on threads that are made for it, never on Swift's own.
enum BlockingWork {
    /// Runs a body that may throw.
    static func run<Answer: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Result(catching: body)) }
        }
        return try result.get()
    }
}
