// SPDX-License-Identifier: Apache-2.0
// Reelwork: what a scheduler offers, and keeps

import ReelworkCore
import ReelworkRPC
import ReelworkWire
import Testing

/// Goal: HELLO_ACK names what is served and no more, and a request's fields are honoured.
///
/// Method: a real daemon; what a client of its own kind learns at the door.
@Suite(.timeLimit(.minutes(1)))
struct DaemonOfferTests {
    @Test func aMethodThatIsNotServedIsNotOffered() async throws {
        try await DaemonHarness.open { harness in
            let admin = try await harness.connect(.admin)
            // The client looks at the offer and does not even ask.
            await #expect {
                _ = try await admin.call(Config.self, Config.Request(prefix: ""))
            } throws: { error in
                "\(error)".contains("does not know CONFIG")
            }
            _ = try await admin.call(Loops.self, EmptyRequest())
        }
    }

    @Test func metricsKeepToTheirPrefix() async throws {
        try await DaemonHarness.open { harness in
            let admin = try await harness.connect(.admin)
            let all = try await admin.call(Metrics.self, Metrics.Request(prefix: ""))
            let some = try await admin.call(
                Metrics.self,
                Metrics.Request(prefix: "reelwork_commit")
            )
            #expect(some.samples.allSatisfy { $0.name.hasPrefix("reelwork_commit") })
            #expect(!some.samples.isEmpty && some.samples.count < all.samples.count)
        }
    }
}
