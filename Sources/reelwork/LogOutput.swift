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

    /// Lines dropped because standard error took none.
    var dropped: UInt64 { queue.dropped }

    /// Writes what is left; gives up where standard error takes nothing.
    func close(within time: Duration = LogOutput.closeMax) { queue.close(within: time) }

    /// A reader that is alive takes far less; one that hangs must not keep a process from its end.
    private static let closeMax = Duration.milliseconds(500)
}
