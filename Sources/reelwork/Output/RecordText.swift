// SPDX-License-Identifier: Apache-2.0
// Reelwork: credentials as they are shown

import ReelworkCore
import ReelworkRPC
import ReelworkSystem

/// Credentials as they are shown.
enum RecordText {
    /// The state of one that is accepted.
    static let good = "good"

    /// `good`, `expired` or `revoked`.
    static func state(_ record: CredentialRecord, now: Timestamp) -> String {
        switch record.refusal(now: now) {
        case nil: good
        case .revoked: "revoked"
        case .expired: "expired"
        case .unknown, .unfit: "unknown"
        }
    }

    /// A record's members in JSON; a token's hash is nobody's business.
    static func members(_ record: CredentialRecord) -> [JSONValue.Member] {
        [
            JSONValue.Member(name: "kind", value: .string(record.kind.rawValue)),
            JSONValue.Member(name: "id", value: .string(record.id)),
            JSONValue.Member(name: "name", value: .string(record.name)),
            JSONValue.Member(name: "role", value: .string(record.roleName)),
            JSONValue.Member(
                name: "state",
                value: .string(state(record, now: SystemClock.wall()))
            ),
            JSONValue.Member(name: "created_at", value: .time(record.created)),
            JSONValue.Member(name: "expires_at", value: .time(record.expires)),
            JSONValue.Member(name: "revoked_at", value: .time(record.revoked)),
        ]
    }
}
