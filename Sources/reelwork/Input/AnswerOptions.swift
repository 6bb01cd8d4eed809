// SPDX-License-Identifier: Apache-2.0
// Reelwork: how long a scheduler is waited for

import ArgumentParser
import ReelworkCore

/// How long a scheduler that took the connection is waited for.
struct AnswerOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long one answer is waited for (default: 30s).",
            discussion: "A scheduler that has not even said hello after 5 s is given up before.",
            valueName: "time"
        ),
        transform: DurationText.limit
    )
    var answerWithin: Duration?

    /// The limit of a call; nil = none, for what may take long, unless one was given.
    func limit(mayTakeLong: Bool = false) -> Duration? {
        answerWithin ?? (mayTakeLong ? nil : Limits.commandAnswerTime)
    }
}
