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

/// How much is logged.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much is logged on standard error: trace, debug, info, notice, warning, error.",
            valueName: "level"
        ),
        transform: LogOptions.level
    )
    var logLevel = Logger.Level.info

    @Sendable
    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw ValidationError(
                "`\(text)` is no log level; take trace, debug, info, notice, warning or error"
            )
        }
        return level
    }
}
