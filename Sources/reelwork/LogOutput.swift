// SPDX-License-Identifier: Apache-2.0
// Reelwork: the log of a service

import ArgumentParser
import Glibc
import Logging
import ReelworkCore
import ReelworkTelemetry

/// The log of a service: lines on standard error, through a bounded queue.
struct LogOutput: Sendable {
    /// The logger.
    let logger: Logger
    private let queue: LogQueue

    /// Opens the log.
    init(label: String, level: Logger.Level) throws(CommandFailure) {
        guard let queue = LogQueue(descriptor: STDERR_FILENO, linesMax: Limits.logQueueMax) else {
            throw CommandFailure(
                "no thread or descriptor is left for the log",
                advice: "raise the limits of this user (ulimit -n, -u)"
            )
        }
        self.queue = queue
        logger = Logger(label: label) { _ in QueuedLogHandler(queue: queue, level: level) }
    }

    /// Writes what is left.
    func close() { queue.close() }
}
