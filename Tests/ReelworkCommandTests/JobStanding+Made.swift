// SPDX-License-Identifier: Apache-2.0
// Reelwork: answers to why, made by a test

import ReelworkClient
import ReelworkCore

extension JobStanding {
    static func made(
        _ state: OpenEnum<JobState>?,
        _ reasons: [(code: String, text: String)]
    ) -> JobStanding {
        JobStanding(
            state: state,
            reasons: reasons.map { Reason(code: $0.code, text: $0.text) }
        )
    }
}
