// SPDX-License-Identifier: Apache-2.0
// Reelwork: how much is logged

import ArgumentParser
import Glibc
import Logging
import ReelworkCore
import ReelworkTelemetry

/// How much is logged.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much is logged on standard error: trace, debug, info, notice, warning, error, "
                + "critical.",
            valueName: "level"
        ),
        transform: LogOptions.level
    )
    var logLevel = Logger.Level.info

    @Sendable
    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw ValidationError(
                "`\(text)` is no log level; take trace, debug, info, notice, warning, error or "
                    + "critical"
            )
        }
        return level
    }
}
