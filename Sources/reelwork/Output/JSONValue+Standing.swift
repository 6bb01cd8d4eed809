// SPDX-License-Identifier: Apache-2.0
// Reelwork: why a job stands where it does, as JSON

import ReelworkClient
import ReelworkCore

extension JSONValue {
    /// Why a job stands where it does.
    static func standing(_ standing: JobStanding) -> JSONValue {
        .members([
            "number": standing.number.map { .count($0.rawValue) } ?? .null,
            "state": .optional(standing.state?.name),
            "reasons": .array(
                standing.reasons.map { reason in
                    .members([
                        "code": .string(reason.code),
                        "text": .string(reason.text),
                        "workers": .count(reason.count),
                    ])
                }
            ),
            "rank": standing.rank.map(JSONValue.integer) ?? .null,
            "place": standing.place.map(JSONValue.count) ?? .null,
            "place_is_at_least": .bool(standing.isPlaceAtLeast),
            "next_at": .time(standing.nextAt),
            "workers": .array(
                standing.workers.map { worker in
                    .members([
                        "name": .string(worker.name),
                        "code": .string(worker.code),
                        "text": .string(worker.text),
                    ])
                }
            ),
            "workers_cut": .bool(standing.isCut),
        ])
    }
}
